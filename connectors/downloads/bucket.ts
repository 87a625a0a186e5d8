import aws4 from 'aws4';
import { giveUp, tryLater } from 'handover/contract';
import type { ActionContext, HttpResponse, StepError } from 'handover/contract';
import type { Bucket } from './options.ts';

/**
 * An address that lets whoever has it do one thing with one object for some time: AWS Signature Version 4 in the query
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html). `name`: what browsers save it as.
 */
export function presign(
  bucket: Bucket,
  { method, path, seconds, now, name }: { method: 'GET' | 'HEAD'; path: string; seconds: number; now: Date; name?: string },
): string {
  const { endpoint, region, pathStyle = false, accessKeyId, secretAccessKey } = bucket;
  const service = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`);
  const host = pathStyle ? service.host : `${bucket.bucket}.${service.host}`;
  const key = path.split('/').map(encodeStrictly).join('/');
  const query = new Map([
    ['X-Amz-Date', now.toISOString().replace(/[:-]|\.\d{3}/g, '')],
    ['X-Amz-Expires', String(seconds)],
    ...(name === undefined ? [] : ([['response-content-disposition', attachment(name)]] as const)),
  ]);
  const { path: signed } = aws4.sign(
    {
      service: 's3',
      region,
      method,
      host,
      signQuery: true,
      path: `${pathStyle ? `/${bucket.bucket}` : ''}/${key}?${[...query].map((pair) => pair.map(encodeStrictly).join('=')).join('&')}`,
    },
    { accessKeyId, secretAccessKey },
  );
  return `${service.protocol}//${host}${signed ?? ''}`;
}

export interface FoundObject {
  readonly size: number;
}

/** Looks at an object without fetching it. */
export async function findObject(
  bucket: Bucket,
  path: string,
  ctx: Pick<ActionContext, 'http' | 'now'> & { readonly signal?: AbortSignal },
): Promise<FoundObject> {
  const answer = await ctx.http.send({
    method: 'HEAD',
    url: presign(bucket, { method: 'HEAD', path, seconds: 60, now: ctx.now() }),
    ...(ctx.signal && { signal: ctx.signal }),
  });
  if (answer.status !== 200) throw failure(answer, path);
  const size = Number(answer.headers['content-length']);
  // Every object has an entity tag; a page of something in between has none.
  if (answer.headers['etag'] === undefined || !Number.isSafeInteger(size)) {
    throw tryLater('DOWNLOAD_STORE_ODD', 'What answers in the place of the bucket is no object store.', {
      hint: 'Check "s3.endpoint", and what stands between this machine and the bucket.',
    });
  }
  return { size };
}

function failure({ status, retryAfterMs }: HttpResponse, path: string): StepError {
  const details = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 403 || status === 401) {
    return giveUp('DOWNLOAD_STORE_DENIED', `The bucket does not let us look at "${path}" (${status}).`, {
      hint: "Check the access key, its secret, the region and this machine's clock. A bucket that may not be listed answers so for a missing object too.",
    });
  }
  if (status === 404) {
    return giveUp('DOWNLOAD_MISSING', `There is no object "${path}" in the bucket.`, {
      hint: 'Put the file there, or correct "path" in the catalogue in handover.json; then retry the step.',
    });
  }
  if (status >= 500 || status === 429 || status === 408) {
    return tryLater('DOWNLOAD_STORE_BUSY', `The bucket answered ${status}.`, details);
  }
  return giveUp('DOWNLOAD_STORE_REFUSED', `The bucket answered ${status}.`, {
    hint: 'A redirect means another region or endpoint. Check "region", "endpoint" and "pathStyle", then retry the step.',
  });
}

/** RFC 6266: one name for all, and the right one for browsers that read it. */
function attachment(name: string): string {
  const plain = name.replace(/[^\w.-]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeStrictly(name)}`;
}

/** All but the unreserved characters of RFC 3986, as the signature counts them. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
