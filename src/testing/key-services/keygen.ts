import { randomBytes, randomUUID } from 'node:crypto';
import type { FaultQueue } from '../double-faults.ts';
import { startDouble, type DoubleReply, type DoubleRequest } from '../double-server.ts';

/** A licence that stands, or stood. */
export interface KeygenLicence {
  readonly id: string;
  readonly key: string;
  readonly expiry: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * Keygen's licences, as https://keygen.sh/docs/api/licenses/ documents them: create, read and revoke by a product token, keys
 * unique in the account, JSON:API throughout.
 */
export interface KeygenDouble {
  readonly baseUrl: string;
  readonly account: string;
  readonly policy: string;
  readonly token: string;
  readonly licences: readonly KeygenLicence[];
  readonly faults: FaultQueue;
  close(): Promise<void>;
}

const mediaType = 'application/vnd.api+json';

export async function startKeygen({ now = () => new Date() }: { now?: () => Date } = {}): Promise<KeygenDouble> {
  const [account, policy, token] = ['example-company', '3f1c2d60-0000-4000-8000-5ac1d0e7b9a4', 'prod-0f6b2c1d9e8a7b5c4d3e2f1av3'];
  const licences = new Map<string, KeygenLicence>();

  function answer(request: DoubleRequest): DoubleReply {
    const { method, path, headers } = request;
    if (headers.authorization !== `Bearer ${token}`) return refuse(401, 'Unauthorized', 'TOKEN_INVALID');
    if (headers.accept !== mediaType) return refuse(400, 'Bad request', 'ACCEPT_INVALID');
    const base = `/v1/accounts/${account}`;
    if (!path.startsWith(`${base}/`)) return refuse(404, 'Not found', 'NOT_FOUND');
    const [kind, id, ...rest] = path.slice(base.length + 1).split('/');
    if (kind === 'policies' && method === 'GET' && rest.length === 0)
      return id === policy ? give(200, { id, type: 'policies', attributes: {} }) : refuse(404, 'Not found', 'NOT_FOUND');
    if (kind !== 'licenses') return refuse(404, 'Not found', 'NOT_FOUND');
    if (id === undefined) return method === 'POST' ? create(request) : refuse(405, 'Method not allowed', 'METHOD');
    const licence = [...licences.values()].find((each) => each.id === id || each.key === decodeURIComponent(id));
    if (!licence) return refuse(404, 'Not found', 'NOT_FOUND');
    if (method === 'GET' && rest.length === 0) return give(200, resourceOf(licence));
    if (method === 'DELETE' && rest.join('/') === 'actions/revoke') {
      licences.delete(licence.key);
      return { status: 204, headers: {}, body: '' };
    }
    return refuse(404, 'Not found', 'NOT_FOUND');
  }

  function create({ headers, json }: DoubleRequest): DoubleReply {
    if (headers['content-type'] !== mediaType) return refuse(400, 'Bad request', 'CONTENT_TYPE_INVALID');
    const data = (json as { data?: Data } | undefined)?.data;
    if (data?.type !== 'licenses') return refuse(400, 'Bad request', 'TYPE_INVALID', '/data/type');
    const { type, id } = data.relationships?.policy?.data ?? {};
    if (type !== 'policies' || id !== policy)
      return refuse(422, 'Unprocessable resource', 'POLICY_NOT_FOUND', '/data/relationships/policy');
    const { key = randomBytes(16).toString('hex').toUpperCase(), expiry = null, metadata = {} } = data.attributes ?? {};
    if (licences.has(key)) return refuse(422, 'Unprocessable resource', 'KEY_TAKEN', '/data/attributes/key');
    if (expiry !== null && Number.isNaN(Date.parse(expiry)))
      return refuse(422, 'Unprocessable resource', 'EXPIRY_INVALID', '/data/attributes/expiry');
    const licence = { id: randomUUID(), key, expiry, metadata };
    licences.set(key, licence);
    return give(201, resourceOf(licence));
  }

  const server = await startDouble({ now, handle: answer });
  return {
    baseUrl: server.origin,
    account,
    policy,
    token,
    get licences() {
      return [...licences.values()];
    },
    faults: server.faults,
    close: () => server.close(),
  };
}

interface Data {
  readonly type?: string;
  readonly attributes?: { readonly key?: string; readonly expiry?: string; readonly metadata?: Record<string, unknown> };
  readonly relationships?: { readonly policy?: { readonly data?: { readonly type?: string; readonly id?: string } } };
}

function resourceOf({ id, ...attributes }: KeygenLicence): object {
  return { id, type: 'licenses', attributes: { ...attributes, status: 'ACTIVE' } };
}

function give(status: number, data: object): DoubleReply {
  return { status, headers: { 'content-type': mediaType }, body: JSON.stringify({ data }) };
}

function refuse(status: number, title: string, code: string, pointer?: string): DoubleReply {
  const error = { title, detail: 'See the code.', code, ...(pointer !== undefined && { source: { pointer } }) };
  return { status, headers: { 'content-type': mediaType }, body: JSON.stringify({ errors: [error] }) };
}
