import { escapeText, htmlReply, redirectReply, type DoubleReply, type DoubleRequest } from '../double-server.ts';
import type { Sales } from './api/checkout-api.ts';
import type { StripeCallback } from './events.ts';
import type { SaleState } from './sale/state.ts';
import { saleOf } from './sale/sale.ts';

/**
 * The page behind a session's `url`, for a person or a browser test: pay, pay by bank debit, have the card refused, go back.
 * `deliver` gets the callbacks that Stripe would send; the buyer's browser does not wait for them.
 */
export function checkoutPage(sales: Sales, deliver: (callback: StripeCallback) => void) {
  return (request: DoubleRequest): DoubleReply | undefined => {
    const [, id = '', act = ''] = /^\/c\/pay\/([^/]+)(?:\/(\w+))?$/.exec(request.path) ?? [];
    if (id === '') return undefined;
    const state = sales.get(id);
    if (state?.session?.status !== 'open')
      return htmlReply('Checkout', '<p>You are all done here, or the link has expired.</p>', 404);
    if (request.method !== 'POST') return page(state, '');
    return carryOut(state, act, request.form, deliver);
  };
}

function carryOut(
  state: SaleState,
  act: string,
  form: Readonly<Record<string, string>>,
  deliver: (callback: StripeCallback) => void,
): DoubleReply {
  const sale = saleOf(state);
  const { success_url: success, cancel_url: cancel, id } = sale.session;
  const back = (url: string | null) => redirectReply((url ?? '/').replaceAll('{CHECKOUT_SESSION_ID}', id), 303);
  if (act === 'cancel') return back(cancel);
  state.terms = { ...state.terms, buyer: { ...state.terms.buyer, ...typedIn(form) } };
  if (act === 'decline') {
    deliver(sale.declinedAttempt());
    return page(state, 'Your card has insufficient funds.');
  }
  deliver(act === 'debit' ? sale.completedUnpaid() : sale.completed());
  return back(success);
}

function typedIn({ email, name }: Readonly<Record<string, string>>): { email?: string; name?: string } {
  return { ...(email ? { email } : {}), ...(name ? { name } : {}) };
}

function page(state: SaleState, problem: string): DoubleReply {
  const { cart, session, terms } = state;
  const rows = cart.lines.map(
    ({ item }) => `<tr><td>${escapeText(item.description ?? '')}<td>${item.quantity ?? 1}<td>${item.amount_total}</tr>`,
  );
  const button = (act: string, label: string) =>
    `<button formaction="/c/pay/${escapeText(session?.id ?? '')}/${act}" name="act" value="${act}">${label}</button>`;
  return htmlReply(
    'Checkout',
    `<h1>Checkout</h1>
<p>A test double: no money moves. Amounts are minor units of ${escapeText(terms.currency.toUpperCase())}.</p>
${problem ? `<p role="alert">${escapeText(problem)}</p>` : ''}
<table><thead><tr><th>Item<th>Quantity<th>Amount</thead><tbody>${rows.join('')}</tbody></table>
<p>Total: ${cart.total}</p>
<form method="post">
<p><label>Email <input name="email" type="email" value="${escapeText(session?.customer_email ?? '')}"></label></p>
<p><label>Name <input name="name"></label></p>
<p>${button('pay', 'Pay')} ${button('debit', 'Pay by bank debit')} ${button('decline', 'Use a card that is refused')} ${button('cancel', 'Back to the shop')}</p>
</form>`,
  );
}
