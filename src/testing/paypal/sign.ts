import { randomUUID, sign, type KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { certificateFamily, issueCertificate, type Certificate } from './certificates.ts';

export interface PaypalSignOptions {
  /** When this attempt was sent. @default now */
  at?: Date;
  /** @default the double's own */
  webhookId?: string;
  /** Any text stands for the key of another account: the signature is sound, and by another key than the certificate's. */
  secret?: string;
  /** Which of the double's certificates is named. @default its signing certificate */
  certificate?: string;
  /** The key to sign with. @default the signing certificate's */
  key?: KeyObject;
  transmissionId?: string;
}

let other: Certificate | undefined;

/** The headers of a delivery (https://developer.paypal.com/api/rest/webhooks/rest/). */
export function signedHeaders(
  body: string | Uint8Array,
  {
    at,
    webhookId,
    certUrl,
    secret,
    key,
    transmissionId = randomUUID(),
  }: PaypalSignOptions & { at: Date; webhookId: string; certUrl: string },
): Record<string, string> {
  const time = at.toISOString().replace(/\.\d+Z$/, 'Z');
  const text = `${transmissionId}|${time}|${webhookId}|${crc32(body)}`;
  if (secret !== undefined) other ??= issueCertificate({ name: 'messageverificationcerts.paypal.com' });
  const signer = key ?? (secret === undefined ? certificateFamily().signer.key : other?.key);
  return {
    'content-type': 'application/json',
    'user-agent': 'PayPal/AUHD-214.0-58843871',
    'paypal-transmission-id': transmissionId,
    'paypal-transmission-time': time,
    'paypal-transmission-sig': sign('RSA-SHA256', Buffer.from(text), signer as KeyObject).toString('base64'),
    'paypal-cert-url': certUrl,
    'paypal-auth-algo': 'SHA256withRSA',
    'paypal-auth-version': 'v2',
    'correlation-id': 'd0ub1e',
  };
}
