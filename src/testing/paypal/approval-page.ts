import { escapeText, htmlReply, redirectReply, type DoubleReply, type DoubleRequest } from '../double-server.ts';
import { objectOf, type Books, type Json } from './books.ts';

/** What the page needs of an order's sale. */
export interface Approvable {
  approve(): unknown;
}

/** The page a buyer is sent to, for a person's browser: agree, or go back to the shop. */
export function approvalPage(
  books: Books,
  saleOf: (order: string) => Approvable,
): (request: DoubleRequest) => DoubleReply | undefined {
  return ({ method, path, query }) => {
    if (!path.startsWith('/checkoutnow')) return undefined;
    const order = books.find('orders', query['token'] ?? '');
    if (!order) return htmlReply('Unknown order', '<h1>This order is not known</h1>', 404);
    const id = order['id'] as string;
    if (path === '/checkoutnow/approve' && method === 'POST') {
      saleOf(id).approve();
      return redirectReply(withToken(contextOf(order)['return_url'], id, { PayerID: 'PAYER1DOUBLE' }), 303);
    }
    if (path === '/checkoutnow/cancel' && method === 'POST')
      return redirectReply(withToken(contextOf(order)['cancel_url'], id, {}), 303);
    const button = (act: string, label: string) =>
      `<form method="post" action="/checkoutnow/${act}?token=${escapeText(id)}"><button>${label}</button></form>`;
    const amount = objectOf((order['purchase_units'] as Json[])[0], 'amount');
    const sum = escapeText(`${String(amount['value'])} ${String(amount['currency_code'])}`);
    return htmlReply(
      'Double of PayPal',
      `<h1>Pay ${sum}?</h1>${button('approve', 'Pay')}${button('cancel', 'Cancel and return')}`,
    );
  };
}

function contextOf(order: Json): Json {
  return objectOf(order, 'experience_context');
}

function withToken(address: unknown, token: string, more: Record<string, string>): string {
  const url = new URL(String(address));
  for (const [name, value] of Object.entries({ token, ...more })) url.searchParams.set(name, value);
  return url.href;
}
