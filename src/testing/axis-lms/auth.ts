import type { DoubleRequest } from '../double-server.ts';
import { wallClock } from './dates.ts';
import { Refusal } from './refusal.ts';
import { freshSecret, type Lms } from './state.ts';

const tokenLifeMs = 3_600_000;

/** Source: https://www.atrixware.com/docs/manual.php?id=18&page=470& */
export function requestToken(lms: Lms): { token: string; expires: string } {
  if (lms.switches.newTokenEndsOld) lms.tokens.clear();
  const token = freshSecret(lms, 20);
  const endsAtMs = lms.now().getTime() + tokenLifeMs;
  lms.tokens.set(token, endsAtMs);
  return { token, expires: wallClock(new Date(endsAtMs), lms.timeZone) };
}

export function revokeToken(lms: Lms, token: string | undefined): { status: string } {
  if (token === undefined || token === '') throw new Refusal('missing');
  if (!lms.tokens.delete(token)) throw new Refusal('unknownToken');
  return { status: '200' };
}

/** The token calls want the API key, in the place that `keyPlacement` names. */
export function checkKey(lms: Lms, request: DoubleRequest): void {
  const found = {
    bearer: bearer(request),
    'query:auth': request.query['auth'],
    'query:key': request.query['key'],
    'header:x-api-key': request.headers['x-api-key'],
  };
  const { keyPlacement } = lms.switches;
  const accepted = keyPlacement === 'any' ? Object.values(found) : [found[keyPlacement]];
  if (!accepted.includes(lms.apiKey)) throw new Refusal('badKey');
}

/** Every other call wants a token that lives at this moment. The API key itself is none. */
export function checkToken(lms: Lms, request: DoubleRequest): void {
  const endsAtMs = lms.tokens.get(bearer(request) ?? '');
  if (endsAtMs === undefined || lms.now().getTime() >= endsAtMs) throw new Refusal('badToken');
}

/** Kills the token a request carries, or all of them when it carries none. */
export function expireTokenOf(lms: Lms, request?: DoubleRequest): void {
  const token = request && bearer(request);
  if (token === undefined) lms.tokens.clear();
  else lms.tokens.delete(token);
}

function bearer(request: DoubleRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}
