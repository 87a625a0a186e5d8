import { hmacSha256 } from '../signature.ts';

/** A secret as Standard Webhooks shows it, `whsec_` and base64, stands for the decoded bytes; any other text for itself. */
function keyOf(secret: string): string | Uint8Array {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
}

/** HMAC-SHA256 over `id.timestamp.body`. */
export function digestOf(secret: string, id: string, stamp: string, body: string | Uint8Array): Buffer {
  return hmacSha256(keyOf(secret), `${id}.${stamp}.`, body);
}

/** The headers of a callback, signed now. */
export function signHeaders(secret: string, id: string, at: Date, body: string | Uint8Array): Record<string, string> {
  const stamp = String(Math.floor(at.getTime() / 1000));
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': stamp,
    'webhook-signature': `v1,${digestOf(secret, id, stamp, body).toString('base64')}`,
  };
}
