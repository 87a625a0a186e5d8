import { jsonReply, type DoubleReply, type DoubleRequest } from '../double-server.ts';
import type { TargetState } from './state.ts';

const lifeSeconds = 3600;

/** Undefined: it does. */
export function provesItself({ headers }: DoubleRequest, { auth, books, now }: TargetState): DoubleReply | undefined {
  const denied = jsonReply({ error: 'unauthorized' }, 401);
  const bearer = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  switch (auth.kind) {
    case 'none':
      return undefined;
    case 'header':
      return headers[auth.name.toLowerCase()] === auth.value ? undefined : denied;
    case 'token':
      return auth.isGood(bearer) ? undefined : denied;
    case 'oauth':
      return books.tokens.some(({ text, until }) => text === bearer && until > now().getTime()) ? undefined : denied;
  }
}

/** RFC 6749, 4.4: a form, the client by one way and not the other. */
export function answerToken(
  { method, headers, form }: DoubleRequest,
  { auth, books, now }: TargetState,
  given: string[],
): DoubleReply {
  if (auth.kind !== 'oauth' || method !== 'POST') return jsonReply({ error: 'not_found' }, 404);
  if (form['grant_type'] !== 'client_credentials') return jsonReply({ error: 'unsupported_grant_type' }, 400);
  const basic = `Basic ${Buffer.from(`${auth.clientId}:${auth.clientSecret}`).toString('base64')}`;
  const isClient =
    (auth.sentBy ?? 'basic') === 'basic'
      ? headers.authorization === basic && form['client_secret'] === undefined
      : form['client_id'] === auth.clientId && form['client_secret'] === auth.clientSecret && headers.authorization === undefined;
  if (!isClient) return jsonReply({ error: 'invalid_client' }, 401);
  const text = `access-${given.length + 1}-9f86d081`;
  given.push(text);
  books.tokens.push({ text, until: now().getTime() + lifeSeconds * 1000 });
  return jsonReply({ access_token: text, token_type: 'Bearer', expires_in: lifeSeconds });
}
