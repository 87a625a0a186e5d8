import { giveUp, tryLater } from 'handover/contract';
import type { ActionContext, Finding, HttpClient, HttpResponse } from 'handover/contract';
import { call, failure, isSuccess } from './call.ts';
import type { KeyRequest } from './key-request.ts';
import { callSettings } from './options.ts';
import type { KeygenSettings } from './options.ts';
import { keyedBytes, makeKey } from './pattern-key.ts';

const mediaType = 'application/vnd.api+json';

/**
 * Creates a licence at Keygen (https://keygen.sh/docs/api/licenses/) under a key that we choose: the same on every attempt, and
 * keys are unique there, so a repeat finds the licence of the first attempt instead of making a second.
 */
export async function createLicence(settings: KeygenSettings, request: KeyRequest, ctx: ActionContext): Promise<string> {
  const key = keyFor(settings, request);
  const { order, sku, serial, seats, expires } = request;
  const attributes = {
    key,
    name: `${order} ${sku}`,
    ...(seats > 1 && { maxMachines: seats }),
    ...(expires !== undefined && { expiry: `${expires}T23:59:59.000Z` }),
    metadata: { order, serial },
  };
  const relationships = { policy: { data: { type: 'policies', id: settings.policy } } };
  const answer = await send('POST', settings, '', ctx, { data: { type: 'licenses', attributes, relationships } });
  if (answer.status === 422 && (await findLicence(settings, request, ctx)) !== undefined) return key;
  if (!isSuccess(answer)) throw failure(answer, addressOf(settings));
  const made = keyIn(answer);
  if (made === key) return key;
  if (made === undefined) throw tryLater('KEYGEN_ANSWER', "Keygen's answer cannot be read.", { unknown: true });
  throw giveUp('KEYGEN_SCHEME', 'Keygen made another key than the one that was asked for, so a repeat could not find it again.', {
    where: `serial ${serial}`,
    hint: 'Use a policy without a cryptographic scheme and without a pool. Revoke the licence of this order at Keygen, then retry the step.',
  });
}

/** The key of the licence that this request made before; undefined: it made none. Throws where the key is somebody else's. */
export async function findLicence(
  settings: KeygenSettings,
  request: KeyRequest,
  ctx: ActionContext,
): Promise<string | undefined> {
  const key = keyFor(settings, request);
  const answer = await send('GET', settings, `/${key}`, ctx);
  if (answer.status === 404) return undefined;
  if (!isSuccess(answer)) throw failure(answer, addressOf(settings));
  const found = keyIn(answer);
  if (found === key) return key;
  throw tryLater('KEYGEN_ANSWER', "Keygen's answer cannot be read.");
}

/** None there is success: Keygen deletes a licence that is revoked. */
export async function revokeLicence(settings: KeygenSettings, key: string, ctx: ActionContext): Promise<void> {
  const answer = await send('DELETE', settings, `/${encodeURIComponent(key)}/actions/revoke`, ctx);
  if (!isSuccess(answer) && answer.status !== 404) throw failure(answer, addressOf(settings));
}

/** Asks for the policy, which makes nothing. */
export async function checkLicences(name: string, settings: KeygenSettings, http: HttpClient): Promise<Finding> {
  const address = `${baseOf(settings)}/policies/${settings.policy}`;
  try {
    const { status } = await call(
      { method: 'GET', url: address, headers: headersOf(settings) },
      { http, signal: AbortSignal.timeout(10_000) },
    );
    if (status === 200) return { ok: true, message: `Key source "${name}" reaches its policy at Keygen.` };
    const hint = status === 404 ? 'Correct "account" or "policy".' : 'Check the token and its permissions.';
    return { ok: false, message: `Key source "${name}": Keygen answered ${status} when asked for the policy.`, hint };
  } catch (error) {
    return { ok: false, message: `Key source "${name}": ${(error as Error).message}`, hint: 'Check "baseUrl" and the network.' };
  }
}

function send(
  method: 'POST' | 'GET' | 'DELETE',
  settings: KeygenSettings,
  path: string,
  ctx: ActionContext,
  json?: unknown,
): Promise<HttpResponse> {
  const { headers, ...limits } = callSettings(settings);
  return call(
    {
      ...limits,
      method,
      url: addressOf(settings) + path,
      headers: { ...headers, ...headersOf(settings) },
      ...(json !== undefined && { json }),
    },
    ctx,
  );
}

function headersOf({ token }: KeygenSettings): Record<string, string> {
  return { Authorization: `Bearer ${token}`, Accept: mediaType, 'Content-Type': mediaType };
}

function baseOf({ baseUrl = 'https://api.keygen.sh', account }: KeygenSettings): string {
  return `${baseUrl.replace(/\/+$/, '')}/v1/accounts/${account}`;
}

function addressOf(settings: KeygenSettings): string {
  return `${baseOf(settings)}/licenses`;
}

function keyFor({ token }: KeygenSettings, { source, stepKey, unit }: KeyRequest): string {
  return makeKey(keyedBytes(token, `keygen:${source}:${stepKey}:${unit}`));
}

function keyIn(answer: HttpResponse): string | undefined {
  const body = answer.json() as { readonly data?: { readonly attributes?: { readonly key?: unknown } } } | undefined;
  const key = body?.data?.attributes?.key;
  return typeof key === 'string' ? key : undefined;
}
