import { hmacSha256, isEqual, trimSecrets } from '../signature.ts';
import { withQuery } from '../signed-name.ts';

/** The address to give Mollie as `webhookUrl`: it carries a key that only we can have made, since Mollie itself signs nothing. */
export function mollieCallbackUrl(callbackUrl: string, addressSecret: string): string {
  return withQuery(callbackUrl, 'key', keyOf(addressSecret.trim()));
}

/** Whether a call came to an address that we gave out. */
export function isOurAddress(url: string, secrets: readonly string[]): boolean {
  const key = new URLSearchParams(url.split('?')[1] ?? '').get('key') ?? '';
  const given = Buffer.from(key);
  return trimSecrets(secrets).some((secret) => secret.length >= shortestSecret && isEqual(given, Buffer.from(keyOf(secret))));
}

/** Characters. */
const shortestSecret = 16;

/** The secret itself stands nowhere: addresses are kept with callbacks. */
function keyOf(secret: string): string {
  return hmacSha256(secret, 'handover mollie address').toString('base64url');
}
