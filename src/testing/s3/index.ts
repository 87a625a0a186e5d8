import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FaultQueue } from '../double-faults.ts';
import { startDouble, type DoubleReply, type DoubleRequest } from '../double-server.ts';

export interface S3Options {
  /** @default 'eu-central-1' */
  region?: string;
  /** @default 'shop-files' */
  bucket?: string;
  now?: () => Date;
}

/**
 * A bucket with path-style addresses, as Amazon S3 documents them: HEAD and GET of objects by addresses that are signed in the
 * query (AWS Signature Version 4), checked to the last character, with byte ranges.
 */
export interface S3Double {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly faults: FaultQueue;
  readonly requests: readonly DoubleRequest[];
  put(key: string, content: string): void;
  remove(key: string): void;
  close(): Promise<void>;
}

export async function startS3({
  region = 'eu-central-1',
  bucket = 'shop-files',
  now = () => new Date(),
}: S3Options = {}): Promise<S3Double> {
  const objects = new Map<string, string>();
  const accessKeyId = `AK${randomBytes(9).toString('hex').toUpperCase()}`;
  const secretAccessKey = randomBytes(30).toString('base64url');

  function answer(request: DoubleRequest): DoubleReply {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405, 'MethodNotAllowed');
    const problem = problemOf(request, { region, accessKeyId, secretAccessKey, now: now() });
    if (problem !== undefined) return refusal(403, problem);
    const [, inBucket = '', ...rest] = request.path.split('/');
    if (inBucket !== bucket) return refusal(404, 'NoSuchBucket');
    const content = objects.get(decodeURIComponent(rest.join('/')));
    if (content === undefined) return refusal(404, 'NoSuchKey');
    return give(request, content);
  }

  const server = await startDouble({ now, handle: answer });
  return {
    endpoint: server.origin,
    region,
    bucket,
    accessKeyId,
    secretAccessKey,
    faults: server.faults,
    requests: server.requests,
    put: (key, content) => void objects.set(key, content),
    remove: (key) => void objects.delete(key),
    close: () => server.close(),
  };
}

function give({ headers: { range }, query }: DoubleRequest, content: string): DoubleReply {
  const disposition = query['response-content-disposition'];
  const headers = {
    etag: `"${createHash('md5').update(content).digest('hex')}"`,
    'accept-ranges': 'bytes',
    'content-type': 'binary/octet-stream',
    ...(disposition !== undefined && { 'content-disposition': disposition }),
  };
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === undefined) return { status: 200, headers, body: content };
  const end = to === undefined || to === '' ? content.length - 1 : Math.min(Number(to), content.length - 1);
  if (Number(from) > end) return refusal(416, 'InvalidRange');
  const part = { 'content-range': `bytes ${from}-${end}/${content.length}` };
  return { status: 206, headers: { ...headers, ...part }, body: content.slice(Number(from), end + 1) };
}

function refusal(status: number, code: string): DoubleReply {
  return { status, headers: { 'content-type': 'application/xml' }, body: `<Error><Code>${code}</Code></Error>` };
}

interface Account {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly now: Date;
}

/** Why a signed address is not accepted; undefined when it is. */
function problemOf({ method, path, query, headers }: DoubleRequest, account: Account): string | undefined {
  const { 'X-Amz-Signature': signature = '', ...signed } = query;
  const { 'X-Amz-Date': at = '', 'X-Amz-Expires': expires = '', 'X-Amz-Credential': credential = '' } = signed;
  if (signed['X-Amz-Algorithm'] !== 'AWS4-HMAC-SHA256' || signature === '') return 'AccessDenied';
  if (signed['X-Amz-SignedHeaders'] !== 'host') return 'SignatureDoesNotMatch';
  const moment = Date.parse(at.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const seconds = Number(expires);
  if (Number.isNaN(moment) || !(seconds >= 1 && seconds <= 604_800)) return 'AuthorizationQueryParametersError';
  const scope = `${at.slice(0, 8)}/${account.region}/s3/aws4_request`;
  if (credential !== `${account.accessKeyId}/${scope}`) return 'InvalidAccessKeyId';
  if (account.now.getTime() > moment + seconds * 1000 || account.now.getTime() < moment - 900_000) return 'AccessDenied';
  const canonicalQuery = Object.entries(signed)
    .map((pair) => pair.map(encode).join('='))
    .sort()
    .join('&');
  const canonical = [method, path, canonicalQuery, `host:${headers.host ?? ''}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', at, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${account.secretAccessKey}`);
  const wanted = hmac(key, toSign).toString('hex');
  const matches = wanted.length === signature.length && timingSafeEqual(Buffer.from(wanted), Buffer.from(signature));
  return matches ? undefined : 'SignatureDoesNotMatch';
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
