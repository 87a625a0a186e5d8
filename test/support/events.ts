import type { EventKind, EventLine, PaymentEvent } from '../../src/contract/index.ts';

let clock = Date.UTC(2026, 2, 1, 12);

/** A paid course at 49.00 EUR, unless told otherwise. Each call is a minute later than the one before. */
export function event(kind: EventKind, changes: Partial<PaymentEvent> = {}): PaymentEvent {
  clock += 60_000;
  const at = new Date(clock).toISOString();
  return {
    kind,
    gateway: 'stripe',
    id: `${changes.payment ?? 'pi_1'}:${kind}:${changes.reversal ?? ''}`,
    at,
    purchase: 'cs_1',
    payment: 'pi_1',
    mode: 'live',
    ...changes,
  };
}

export function line(sku: string, amount = 4900, quantity = 1): EventLine {
  const money = { amount: amount * quantity, currency: 'EUR' };
  return { sku, title: sku, quantity, subtotal: money, total: money };
}

export const ada = { email: 'ada@example.org', name: 'Ada Byron', firstName: 'Ada', lastName: 'Byron' };

export function paid(changes: Partial<PaymentEvent> = {}): PaymentEvent {
  const lines = changes.lines ?? [line('TS-101')];
  const amount = { amount: lines.reduce((sum, { total }) => sum + total.amount, 0), currency: 'EUR' };
  return event('payment.completed', { lines, amount, buyer: ada, ...changes });
}

export function refunded(amount: number, reversal = 're_1', changes: Partial<PaymentEvent> = {}): PaymentEvent {
  return event('payment.refunded', { amount: { amount, currency: 'EUR' }, reversal, ...changes });
}
