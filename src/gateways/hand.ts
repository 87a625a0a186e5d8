import { createHash } from 'node:crypto';
import type { PaymentEvent, Person } from '../contract/event.ts';
import { defineGateway, refused, type Offer } from '../contract/gateway.ts';

/** What staff give by hand: a gift, a seat for the press, an apology. Always there, without an entry in handover.json. */
export const hand = defineGateway<object>({
  name: 'hand',
  summary: 'By hand: what staff give away',
  options: { type: 'object', additionalProperties: false, properties: {} },
  verify: () => refused('NO_CALLBACKS', 'Gifts come from staff, not from callbacks.'),
  read: () => Promise.resolve({ ignored: 'Gifts come from staff, not from callbacks.' }),
});

export interface Gift {
  readonly offer: Offer;
  readonly quantity: number;
  readonly to: Person & { readonly email: string };
  readonly because: string;
  readonly by: string;
  readonly mode: 'live' | 'test';
  readonly at: Date;
  /** BCP 47. */
  readonly language?: string;
}

/** A gift as a fact. The same thing to the same person for the same reason is one gift, however often it is given. */
export function giftEvent({ offer, quantity, to, because, by, mode, at, language }: Gift): PaymentEvent {
  const words = [offer.sku, to.email.toLowerCase(), because.trim().toLowerCase()];
  const purchase = `gift_${createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 24)}`;
  const nothing = { amount: 0, currency: offer.prices[0]?.currency ?? 'EUR' };
  return {
    kind: 'payment.completed',
    gateway: hand.name,
    id: `${purchase}:given`,
    at: at.toISOString(),
    purchase,
    payment: purchase,
    mode,
    amount: nothing,
    lines: [{ sku: offer.sku, title: offer.title, quantity, subtotal: nothing, total: nothing }],
    buyer: to,
    ...(language !== undefined && { language }),
    reason: because,
    staff: { by, because },
    metadata: { gift: 'yes' },
  };
}
