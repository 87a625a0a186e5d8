import { createHmac } from 'node:crypto';
import { isEqual, trimSecrets } from '../signature.ts';
import type { PostedForm } from './form.ts';

export type Proof = 'genuine' | 'malformed' | 'mismatch';

/**
 * `X-ANET-Signature: sha512=<hex>` over the raw body (https://developer.authorize.net/api/reference/features/webhooks.html).
 * The page does not say how the key is encoded; programs known to work take it as text. For the old hash it is hexadecimal.
 */
export function proveWebhook(header: string, body: Uint8Array, secrets: readonly string[], form: 'text' | 'hex'): Proof {
  const [, digits] = /^sha512=([0-9a-f]{128})$/i.exec(header.trim()) ?? [];
  if (digits === undefined) return 'malformed';
  return isMadeBy(keysOf(secrets, form), Buffer.from(digits, 'hex'), body) ? 'genuine' : 'mismatch';
}

/** What `x_SHA2_Hash` is made of, in this order; read in the sources of omnipay-authorizenet and of Magento's module. */
const hashed = [
  'x_trans_id',
  'x_test_request',
  'x_response_code',
  'x_auth_code',
  'x_cvv2_resp_code',
  'x_cavv_response',
  'x_avs_code',
  'x_method',
  'x_account_number',
  'x_amount',
  'x_company',
  'x_first_name',
  'x_last_name',
  'x_address',
  'x_city',
  'x_state',
  'x_zip',
  'x_country',
  'x_phone',
  'x_fax',
  'x_email',
  'x_ship_to_company',
  'x_ship_to_first_name',
  'x_ship_to_last_name',
  'x_ship_to_address',
  'x_ship_to_city',
  'x_ship_to_state',
  'x_ship_to_zip',
  'x_ship_to_country',
  'x_invoice_num',
];

/** HMAC-SHA512 over `^value^value…^`, keyed with the bytes that the Signature Key's digits stand for. */
export function provePost(form: PostedForm, secrets: readonly string[]): Proof {
  const given = form.get('x_sha2_hash') ?? '';
  if (!/^[0-9a-f]{128}$/i.test(given)) return 'malformed';
  const text = `^${hashed.map((name) => form.get(name) ?? '').join('^')}^`;
  return isMadeBy(keysOf(secrets, 'hex'), Buffer.from(given, 'hex'), text) ? 'genuine' : 'mismatch';
}

function isMadeBy(keys: readonly Buffer[], digest: Buffer, text: string | Uint8Array): boolean {
  return keys.some((key) => isEqual(digest, createHmac('sha512', key).update(text).digest()));
}

/** A key that is not of the form it should have stands for none. */
function keysOf(secrets: readonly string[], form: 'text' | 'hex'): Buffer[] {
  return trimSecrets(secrets)
    .filter((secret) => secret.length >= 32 && (form === 'text' || /^([0-9a-f]{2})+$/i.test(secret)))
    .map((secret) => Buffer.from(secret, form === 'hex' ? 'hex' : 'utf8'));
}
