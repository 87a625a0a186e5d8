import { escapeText, htmlReply, redirectReply, type DoubleReply, type DoubleRequest } from '../double-server.ts';
import type { Books } from './books.ts';
import { makeSale, type AuthorizeNetCallback } from './sale.ts';

const tokenLifeMs = 15 * 60_000;

/** The hosted payment page: shown to whoever posts a token, gone after 15 minutes. It asks for the address as the cart may lack it. */
export function payPage(
  books: Books,
  key: string,
  deliver: (callback: AuthorizeNetCallback) => void,
): (request: DoubleRequest) => DoubleReply | undefined {
  return ({ method, path, form }) => {
    if (!path.startsWith('/payment/payment')) return undefined;
    const found = books.tokens.get(form['token'] ?? '');
    const isFresh = found && books.now().getTime() - found.madeAt.getTime() <= tokenLifeMs;
    if (method !== 'POST' || !found || !isFresh) return htmlReply('Not available', '<h1>Missing or invalid token</h1>', 400);
    const { terms, returnUrl, cancelUrl } = found.request;
    const act = form['act'] ?? '';
    if (act === 'cancel') return redirectReply(cancelUrl, 303);
    if (act !== 'pay') return showForm(terms.amount, terms.email ?? '', form['token'] ?? '');
    const email = form['email'] ?? terms.email;
    deliver(makeSale(books, email === undefined ? terms : { ...terms, email }, key).charged());
    return redirectReply(returnUrl, 303);
  };
}

function showForm(amount: string, email: string, token: string): DoubleReply {
  return htmlReply(
    'Payment',
    `<h1>Pay ${escapeText(amount)}</h1><p>A test double: no money moves.</p>
<form method="post" action="/payment/payment"><input type="hidden" name="token" value="${escapeText(token)}">
<p><label>Email <input name="email" type="email" value="${escapeText(email)}" required></label></p>
<p><button name="act" value="pay">Pay</button> <button name="act" value="cancel" formnovalidate>Cancel</button></p></form>`,
  );
}
