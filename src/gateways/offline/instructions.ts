import type { PaymentInstructions } from '../../contract/gateway.ts';
import type { Order } from '../../contract/order.ts';
import type { OfflineMethod, OfflineOptions } from './options.ts';
import { confirmationsOf } from './receipts.ts';
import { inGroups } from './reference.ts';

const labels: Readonly<Record<string, string>> = {
  transfer: 'Bank transfer',
  cash: 'Cash to the courier',
  invoice: 'Invoice',
  order: 'Purchase order',
};

export function labelOf(name: string, { label }: OfflineMethod): string {
  return label ?? (Object.hasOwn(labels, name) ? labels[name] : undefined) ?? name;
}

/** How to pay a waiting order, by the files as they are now. Nothing once a first person has seen the money. */
export function instructionsFor(order: Order, { methods }: OfflineOptions): PaymentInstructions | undefined {
  const ordered = order.events.find(({ kind, lines }) => kind === 'payment.pending' && lines);
  if (order.status !== 'pending' || !ordered?.amount || confirmationsOf(order).length > 0) return undefined;
  const name = ordered.metadata?.['method'] ?? '';
  const method = (Object.hasOwn(methods, name) ? methods[name] : undefined) ?? {};
  const rows = [
    { label: 'Account holder', value: method.holder },
    { label: 'IBAN', value: method.iban && inGroups(method.iban.replace(/\s/g, '').toUpperCase()) },
    { label: 'BIC', value: method.bic?.toUpperCase() },
    { label: 'Bank', value: method.bank },
  ];
  return {
    title: labelOf(name, method),
    ...(method.instructions !== undefined && { text: method.instructions }),
    amount: ordered.amount,
    reference: inGroups(order.purchase),
    ...(ordered.remindAt !== undefined && { due: ordered.remindAt }),
    rows: rows.flatMap(({ label, value }) => (value === undefined ? [] : [{ label, value }])),
  };
}
