import { giveUp, StepError, tryLater } from 'handover/contract';
import type { ActionContext, HttpRequest, HttpResponse } from 'handover/contract';

/** Sends a request to an address of the owner's. HTTPS only, except to this machine. Throws what no repetition mends. */
export async function call(request: HttpRequest, ctx: Pick<ActionContext, 'http' | 'signal'>): Promise<HttpResponse> {
  const problem = problemOfAddress(request.url);
  if (problem !== undefined) {
    throw giveUp('KEY_ADDRESS_REFUSED', `The key source's address cannot be used: ${problem}.`, {
      hint: 'Correct "url" or "revokeUrl" of the source in handover.json, then retry the step.',
    });
  }
  return ctx.http.send({ ...request, signal: ctx.signal });
}

/** Why an address may not be called; undefined when it may. */
export function problemOfAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return 'it is no URL';
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return 'it holds a user name or password, which belong into "secretHeaders"';
  if (protocol === 'https:') return undefined;
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return protocol === 'http:' && isLoopback ? undefined : 'keys travel by https only (http is allowed to this machine itself)';
}

export const isSuccess = ({ status }: HttpResponse): boolean => status >= 200 && status < 300;

/** An answer that leaves open whether anything was done. */
export const isUnsure = ({ status }: HttpResponse): boolean => status >= 500 || status === 408;

/** What an answer other than success means for the next attempt. */
export function failure(answer: HttpResponse, address: string): StepError {
  const { status, retryAfterMs } = answer;
  const { host } = new URL(address);
  if (isUnsure(answer) || status === 429 || status === 425) {
    return tryLater('KEY_SOURCE_UNAVAILABLE', `The key source ${host} answered ${status}.`, {
      unknown: isUnsure(answer),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
  if (status === 401 || status === 403) {
    return giveUp('KEY_SOURCE_DENIED', `The key source ${host} refused our credentials (${status}).`, {
      hint: 'Check "secretHeaders" of the source, then retry the step.',
    });
  }
  const redirects = status >= 300 && status < 400;
  return giveUp(
    'KEY_SOURCE_REFUSED',
    `The key source ${host} answered ${status}${redirects ? ', a redirect, and those are not followed' : ''}.`,
    {
      hint: 'Check the address and the fields that are sent, then retry the step.',
    },
  );
}

/** The other side may have made a key that reached nobody. Parked at once: only a person can see whether it did. */
export function perhapsIssued(serial: string, why: string, cause?: unknown): StepError {
  const message = `${why} It may have issued a key that reached nobody: a possible orphan key.`;
  return new StepError('never', 'KEY_PERHAPS_ISSUED', message, {
    unknown: true,
    where: `serial ${serial}`,
    hint: 'Look at the key source for a key of this order. If there is none, retry the step; if there is one, revoke it there first.',
    cause,
  });
}
