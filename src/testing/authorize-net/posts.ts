import type { BookedTransaction } from './books.ts';
import { relayHash } from './sign.ts';
import type { AuthorizeNetCallback } from './sale.ts';

/** The form post of the old relay response, or of silent post, about a transaction. `proof: false` leaves the hash out. */
export function postOf(
  { id, amount, terms, status, subscription }: BookedTransaction,
  key: string,
  { proof = true, changes = {} }: { readonly proof?: boolean; readonly changes?: Readonly<Record<string, string>> } = {},
): AuthorizeNetCallback {
  const isDeclined = status === 'declined';
  const fields: Record<string, string> = {
    x_response_code: isDeclined ? '2' : '1',
    x_response_reason_code: isDeclined ? '2' : '1',
    x_response_reason_text: isDeclined ? 'This transaction has been declined.' : 'This transaction has been approved.',
    x_auth_code: isDeclined ? '' : 'ABC123',
    x_avs_code: 'Y',
    x_trans_id: id,
    x_test_request: 'false',
    x_method: 'CC',
    x_card_type: 'Visa',
    x_account_number: 'XXXX1111',
    x_type: 'auth_capture',
    x_amount: amount,
    x_invoice_num: terms.invoice ?? '',
    x_description: terms.description ?? '',
    x_email: terms.email ?? '',
    x_first_name: terms.firstName ?? '',
    x_last_name: terms.lastName ?? '',
    x_cvv2_resp_code: 'P',
    x_cavv_response: '2',
    ...(subscription && { x_subscription_id: subscription.id, x_subscription_paynum: String(subscription.payNum) }),
    ...changes,
  };
  const hash = relayHash(fields, key);
  const body = new URLSearchParams({ ...fields, x_MD5_Hash: '', ...(proof && { x_SHA2_Hash: hash }) }).toString();
  return { id, type: 'post', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } };
}
