import { createHmac } from 'node:crypto';

export interface SignOptions {
  /** @default the double's own */
  secret?: string;
  /** One signature each, as Stripe sends while a secret is being changed. */
  secrets?: readonly string[];
  /** When it was signed: the `t` of the header. @default now */
  at?: Date;
  /** @default 'v1' */
  scheme?: string;
}

/**
 * The headers of a callback: `Stripe-Signature` is `t=<Unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, keyed with the whole
 * secret including `whsec_` (https://docs.stripe.com/webhooks/signature). With `decoy` a `v0` entry goes along, as in test
 * mode; it proves nothing.
 */
export function signedHeaders(
  body: string | Uint8Array,
  signing: { secrets: readonly string[]; at: Date; scheme?: string | undefined; decoy?: boolean },
): Record<string, string> {
  const stamp = String(Math.floor(signing.at.getTime() / 1000));
  const scheme = signing.scheme ?? 'v1';
  const parts = [`t=${stamp}`, ...signing.secrets.map((secret) => `${scheme}=${sign(secret, stamp, body)}`)];
  if (signing.decoy) parts.push(`v0=${sign('decoy', stamp, body)}`);
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    accept: '*/*; q=0.5, application/xml',
    'cache-control': 'no-cache',
    'stripe-signature': parts.join(','),
  };
}

function sign(secret: string, stamp: string, body: string | Uint8Array): string {
  return createHmac('sha256', secret).update(`${stamp}.`).update(body).digest('hex');
}
