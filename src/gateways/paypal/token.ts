import { createHash } from 'node:crypto';
import paypalSdk from '@paypal/checkout-server-sdk';
import { giveUp, tryLater } from '../../contract/errors.ts';
import { fieldsAt, textAt, wholeAt } from '../json-fields.ts';
import { apiBaseOf, type PaypalContext } from './options.ts';

/** What a call needs of a gateway's context. */
export type Line = Pick<PaypalContext, 'options' | 'mode' | 'http' | 'now' | 'signal'>;

interface Token {
  readonly text: string;
  readonly goodUntilMs: number;
}

const timeoutMs = 10_000;
/** A token that ends in this time may end on the way. */
const spareMs = 60_000;
const mostTokens = 50;
/** By API and credentials: sites in one process, or a live and a sandbox app, never share one. */
const tokens = new Map<string, Promise<Token>>();

/** The access token of the app, got once for all calls of its lifetime; calls at the same time wait for the same. */
export async function tokenFor(line: Line): Promise<string> {
  const key = keyOf(line);
  const known = tokens.get(key);
  const token = await known?.catch(() => undefined);
  if (token && token.goodUntilMs > line.now().getTime()) return token.text;
  if (tokens.get(key) === known) remember(key, askToken(line));
  return (await (tokens.get(key) ?? askToken(line))).text;
}

/** The token was refused, so the next call gets a new one. */
export function forgetToken(line: Line): void {
  tokens.delete(keyOf(line));
}

function remember(key: string, token: Promise<Token>): void {
  tokens.delete(key);
  tokens.set(key, token);
  token.catch(() => {
    if (tokens.get(key) === token) tokens.delete(key);
  });
  const [oldest] = tokens.keys();
  if (tokens.size > mostTokens && oldest !== undefined) tokens.delete(oldest);
}

function keyOf(line: Line): string {
  const { clientId, clientSecret } = line.options;
  return createHash('sha256')
    .update(`${apiBaseOf(line)}\n${clientId}\n${clientSecret}`)
    .digest('hex');
}

/** The caller may go away while others wait for the same token, so its signal does not end this call. */
async function askToken(line: Line): Promise<Token> {
  const { clientId, clientSecret } = line.options;
  const credentials = Buffer.from(`${clientId.trim()}:${clientSecret.trim()}`).toString('base64');
  const { path, headers, body } = new paypalSdk.core.AccessTokenRequest({ authorizationString: () => `Basic ${credentials}` });
  const form = body as Record<string, string>;
  const answer = await line.http.send({ method: 'POST', url: apiBaseOf(line) + path, headers, form, timeoutMs });
  const told = fieldsAt(answer.json());
  const text = textAt(told, 'access_token');
  const seconds = wholeAt(told, 'expires_in');
  if (answer.status === 200 && text !== undefined && /^[\x21-\x7e]+$/.test(text) && seconds !== undefined) {
    return { text, goodUntilMs: line.now().getTime() + seconds * 1000 - spareMs };
  }
  if (answer.status === 400 || answer.status === 401) {
    throw giveUp('PAYPAL_CREDENTIALS_REFUSED', `PayPal refuses the client id and secret (${answer.status}).`, {
      hint: 'Compare "clientId" and "clientSecret" with the app in the developer dashboard; sandbox and live have different ones.',
    });
  }
  const wait = answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs };
  throw tryLater('PAYPAL_DOWN', `PayPal gave no access token (${answer.status}).`, wait);
}
