import { giveUp } from '../contract/errors.ts';
import { defineGateway, refused } from '../contract/gateway.ts';
import { billed } from './own-lines.ts';

/** What costs nothing: no money moves, so placing the order completes it. Always there, without an entry in handover.json. */
export const free = defineGateway<object>({
  name: 'free',
  summary: 'Free: orders of what costs nothing',
  options: { type: 'object', additionalProperties: false, properties: {} },
  needsBuyer: true,

  verify: () => refused('NO_CALLBACKS', 'Nobody calls back about what costs nothing.'),
  read: () => Promise.resolve({ ignored: 'Nobody calls back about what costs nothing.' }),

  checkout(cart, { name, mode, now }) {
    if (cart.total.amount !== 0)
      throw giveUp('CART_NOT_FREE', 'This cart costs something, so it needs a gateway that takes money.');
    const purchase = `free_${cart.reference}`;
    return Promise.resolve({
      kind: 'placed',
      purchase,
      events: [
        {
          kind: 'payment.completed',
          gateway: name,
          id: `${purchase}:completed`,
          at: now().toISOString(),
          purchase,
          payment: purchase,
          mode,
          amount: cart.total,
          lines: billed(cart),
          buyer: cart.buyer,
          ...(cart.language !== undefined && { language: cart.language }),
          metadata: cart.metadata,
        },
      ],
    });
  },
});
