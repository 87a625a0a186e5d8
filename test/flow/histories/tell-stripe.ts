import { startStripe } from '../../../src/testing/stripe/index.ts';
import type { Clock, Goods, Sale, Teller, Told } from './teller.ts';

/** Stripe in one of its two families of callbacks. */
export async function tellStripe(family: 'snapshot' | 'thin', now: Clock): Promise<Teller> {
  const stripe = await startStripe({ now, family });
  const name = `stripe-${family}`;
  const variable = name.toUpperCase().replace('-', '_');
  type Callback = ReturnType<typeof stripe.ping>;
  const told = (...callbacks: Callback[]): Told[] =>
    callbacks.map((callback) => ({ gateway: name, body: callback.body, headers: () => callback.headers }));

  function sells({ items, email, isMonthly }: Goods): Sale {
    const sale = stripe.sale({
      lines: items.map(({ sku, title, quantity, cents }) => ({ sku, title, quantity, unitAmount: cents })),
      buyer: { email, name: 'Ada Example' },
      ...(isMonthly && { mode: 'subscription' as const }),
    });
    const always: Sale = {
      paid: () =>
        sale.session.status === 'complete' ? told(sale.asyncSucceeded()) : told(sale.completed(), sale.paymentIntentSucceeded()),
      refunded: (cents) => told(...sale.refunded({ amount: cents })),
      refundFailed: () => told(sale.refundFailed()),
      disputed: () => told(sale.disputed(), sale.fundsWithdrawn()),
      disputeWon: () => told(sale.fundsReinstated(), sale.disputeClosed('won')),
      disputeLost: () => told(sale.disputeClosed('lost')),
      inquiry: () => told(sale.disputed({ status: 'warning_needs_response' }), sale.disputeClosed('warning_closed')),
    };
    if (isMonthly)
      return {
        ...always,
        paid: () => told(sale.completed(), sale.firstInvoicePaid()),
        renewed: () => told(sale.renewed()),
        renewalFailed: () => told(sale.renewalFailed()),
        cancelled: () => told(sale.endScheduled()),
        ranOut: () => told(sale.subscriptionEnded()),
        ended: () => told(sale.subscriptionEnded()),
      };
    return {
      ...always,
      pending: () => told(sale.completedUnpaid()),
      declined: () => told(sale.asyncFailed()),
      expired: () => told(sale.expired()),
    };
  }

  return {
    name: `stripe, ${family === 'thin' ? 'thin' : 'snapshot'}`,
    settings: {
      [name]: {
        use: 'stripe',
        secrets: [{ env: `${variable}_SECRET` }],
        apiKey: { env: `${variable}_KEY` },
        apiBase: stripe.url,
      },
    },
    env: { [`${variable}_SECRET`]: stripe.webhookSecret, [`${variable}_KEY`]: stripe.apiKey },
    names: ['several', 'pieces'],
    sells,
    close: () => stripe.close(),
  };
}
