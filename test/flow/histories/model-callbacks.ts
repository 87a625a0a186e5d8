import type { PaymentEvent } from '../../../src/contract/index.ts';
import { signHeaders } from '../../../src/gateways/sandbox/sign.ts';
import { signStandard, whsec } from '../../gateways/signed-samples.ts';
import type { SentCallback } from './teller.ts';

/** The gateways that can tell everything a model of a purchase knows. */
export const modelGateways = ['sandbox', 'standard-webhooks'] as const;
export type ModelGateway = (typeof modelGateways)[number];

export const sandboxSecret = 'a secret of the sandbox, long enough';
export const standardSecret = whsec;

/** A fact as the callback that would tell it; the same delivery each time. */
export function callbackOf(event: PaymentEvent, gateway: ModelGateway, delivery: string, now: () => Date): SentCallback {
  const body = JSON.stringify(gateway === 'sandbox' ? sandboxBody(event) : standardBody(event));
  if (gateway === 'sandbox') return { gateway, body, headers: () => signHeaders(sandboxSecret, delivery, now(), body) };
  const sign = signStandard('webhook');
  return { gateway, body, headers: () => sign(body, { at: now(), id: delivery }).headers as Record<string, string> };
}

function sandboxBody({ kind, at, purchase, payment, amount, reversal, lines, buyer, period }: PaymentEvent): object {
  return { type: kind, timestamp: at, data: { payment: purchase, movement: payment, amount, reversal, lines, buyer, period } };
}

function standardBody({ kind, at, purchase, payment, amount, reversal, lines, buyer, period }: PaymentEvent): object {
  const items = lines?.map(({ sku, title, quantity, subtotal }) => ({ sku, title, quantity, price: subtotal.amount / quantity }));
  const money = { amount: amount?.amount, currency: amount?.currency };
  return {
    type: kind,
    timestamp: at,
    data: {
      id: purchase,
      payment,
      reversal,
      ...money,
      items,
      customer: buyer && { email: buyer.email, name: buyer.name },
      period,
    },
  };
}
