import { createHmac } from 'node:crypto';

const form = /^(?:whsec_)?([A-Za-z0-9+/]+={0,2})$/;

/** The bytes of a Standard Webhooks secret; undefined when it is none (24 to 64 bytes). */
export function secretBytes(secret: string): Buffer | undefined {
  const base64 = form.exec(secret)?.[1];
  const bytes = base64 === undefined ? undefined : Buffer.from(base64, 'base64');
  return bytes && bytes.length >= 24 && bytes.length <= 64 ? bytes : undefined;
}

/** `webhook-signature` by Standard Webhooks: one `v1,` and base64 of HMAC-SHA256 over id, time and body for each secret. */
export function signatures(secrets: readonly Buffer[], id: string, timestamp: number, body: string): string {
  const signed = `${id}.${timestamp}.${body}`;
  return secrets.map((secret) => `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`).join(' ');
}
