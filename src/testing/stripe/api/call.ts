import type { DoubleRequest } from '../../double-server.ts';
import type { Books } from '../books.ts';
import type { Json } from '../wire.ts';
import { ApiError } from './errors.ts';
import { nest } from './params.ts';

/** A request as Stripe reads it, from a caller whose key is right. */
export interface Call {
  readonly books: Books;
  readonly method: string;
  readonly path: string;
  readonly query: Json;
  readonly body: Json;
  /** The connected account it is about; null is the platform itself. */
  readonly account: string | null;
  readonly version: string;
  readonly idempotencyKey: string | null;
  /** What the key may see. A key that is neither `…_test_…` nor `…_live_…` sees both. */
  readonly sees: (object: object) => boolean;
}

/** Checks who calls and in which version, before anything is looked at. */
export function readCall(request: DoubleRequest, books: Books, apiKey: string): Call {
  checkKey(request, apiKey);
  checkForm(request);
  const mode = /^[sr]k_(test|live)_/.exec(apiKey)?.[1];
  return {
    books,
    method: request.method,
    path: request.path,
    query: nest(request.query),
    body: nest(request.form),
    account: accountOf(request),
    version: versionOf(request, books.options.apiVersion),
    idempotencyKey: header(request, 'idempotency-key') ?? null,
    sees: (object) => mode === undefined || !('livemode' in object) || object.livemode === (mode === 'live'),
  };
}

/** `Stripe-Context` is a path of accounts; the last one is meant. */
export function accountOf(request: DoubleRequest): string | null {
  return header(request, 'stripe-account') ?? header(request, 'stripe-context')?.split('/').at(-1) ?? null;
}

export function header(request: DoubleRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function versionOf(request: DoubleRequest, otherwise: string): string {
  const version = header(request, 'stripe-version');
  if (version === undefined) {
    if (request.path.startsWith('/v2/')) throw new ApiError(400, 'Requests to /v2 need a Stripe-Version header.');
    return otherwise;
  }
  if (!/^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/.test(version)) throw new ApiError(400, `Invalid Stripe API version: ${version}`);
  return version;
}

function checkKey(request: DoubleRequest, apiKey: string): void {
  const sent = keyIn(header(request, 'authorization'));
  if (sent === undefined) {
    throw new ApiError(
      401,
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    );
  }
  if (sent !== apiKey) throw new ApiError(401, `Invalid API Key provided: ${sent.slice(0, 8)}****${sent.slice(-4)}`);
}

/** `/v1` reads forms only, not JSON. */
function checkForm(request: DoubleRequest): void {
  const type = header(request, 'content-type') ?? '';
  if (request.text === '' || type.startsWith('application/x-www-form-urlencoded')) return;
  throw new ApiError(400, 'Invalid request (check that your POST content type is application/x-www-form-urlencoded).');
}

/** Bearer, or Basic with the key as user name. */
function keyIn(authorization: string | undefined): string | undefined {
  const [, scheme = '', value = ''] = /^(Bearer|Basic)\s+(\S+)$/i.exec(authorization ?? '') ?? [];
  if (scheme === '') return undefined;
  return scheme.toLowerCase() === 'bearer' ? value : Buffer.from(value, 'base64').toString('utf8').replace(/:.*$/s, '');
}
