import { createHmac } from 'node:crypto';

/** The header of a webhook: HMAC-SHA512 over the body, keyed with the text of the Signature Key, in capital hexadecimal digits. */
export function webhookHeaders(body: string | Uint8Array, key: string): Record<string, string> {
  const digest = createHmac('sha512', key).update(body).digest('hex').toUpperCase();
  return { 'content-type': 'application/json; charset=utf-8', 'x-anet-signature': `sha512=${digest}` };
}

const hashed =
  'x_trans_id x_test_request x_response_code x_auth_code x_cvv2_resp_code x_cavv_response x_avs_code x_method x_account_number x_amount x_company x_first_name x_last_name x_address x_city x_state x_zip x_country x_phone x_fax x_email x_ship_to_company x_ship_to_first_name x_ship_to_last_name x_ship_to_address x_ship_to_city x_ship_to_state x_ship_to_zip x_ship_to_country x_invoice_num';

/** `x_SHA2_Hash` of a relay response: keyed with the bytes that the Signature Key's digits stand for. */
export function relayHash(fields: Readonly<Record<string, string>>, key: string): string {
  const text = `^${hashed
    .split(' ')
    .map((name) => fields[name] ?? '')
    .join('^')}^`;
  return createHmac('sha512', Buffer.from(key, 'hex')).update(text).digest('hex').toUpperCase();
}
