import type { Reply } from '../../contract/gateway.ts';
import { signName, withQuery } from '../signed-name.ts';
import type { PostedForm } from './form.ts';
import type { AuthorizeNetOptions } from './options.ts';
import { purchaseOf } from './place.ts';

/** What a name in a return address is signed for. */
export const returnLabel = 'handover authorize-net return';

/**
 * The answer to a relay response is shown to the buyer at Authorize.net's address, so it leads on to ours. To a silent post
 * nobody listens.
 */
export function answerPost(form: PostedForm, options: AuthorizeNetOptions): Reply {
  const purchase = purchaseOf(placeIn(form), options);
  const secret = options.secrets[0] ?? '';
  const html =
    options.returnUrl === undefined
      ? page('<title>Thank you</title>', '<p>Thank you. The result of your payment is on its way to you by mail.</p>')
      : onward(withQuery(options.returnUrl, 'order', signName(purchase, returnLabel, secret)));
  return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: html };
}

function placeIn(form: PostedForm): Parameters<typeof purchaseOf>[0] {
  const subscription = form.get('x_subscription_id') ?? '';
  return {
    id: form.get('x_trans_id') ?? '',
    invoice: form.get('x_invoice_num')?.trim(),
    ...(subscription !== '' && { subscription: { id: subscription, number: 1 } }),
  };
}

function onward(address: string): string {
  const safe = address.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return page(
    `<meta http-equiv="refresh" content="0;url=${safe}"><title>One moment</title>`,
    `<p><a href="${safe}">Continue to your order</a></p>`,
  );
}

function page(head: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">${head}</head><body>${body}</body></html>`;
}
