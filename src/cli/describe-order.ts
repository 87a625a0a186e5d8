import { formatMoney } from '../contract/money.ts';
import type { Grant, Order, OrderLine, Reason } from '../contract/order.ts';
import type { PaymentEvent } from '../contract/event.ts';
import type { HistoryEntry, OrderRecord } from '../storage/store.ts';
import { describeSteps } from './describe-step.ts';
import { oneLine, table } from './table.ts';
import { localTime, zoneName } from './times.ts';

/** An order in words: what stands, why, and how it came about. */
export function describeOrder({ order, grants, steps }: OrderRecord, history: readonly HistoryEntry[]): string[] {
  return [
    `Order ${order.id}: ${order.status}${order.mode === 'test' ? ', a test order' : ''}`,
    ...table(facts(order), { indent: '  ' }),
    ...section('Held, because', describeHolds(order)),
    ...section('Items', table(order.lines.map(lineRow), { indent: '  ' })),
    ...section('Payments', table(order.payments.map(paymentRow), { indent: '  ' })),
    ...section('Grants', grants.flatMap(describeGrant)),
    ...section('Steps', describeSteps(steps)),
    ...section('Events', table(order.events.map(eventRow), { indent: '  ' })),
    ...section(
      `History (times in ${zoneName()})`,
      table(
        history.map(({ at, kind, text }) => [localTime(at), kind, text]),
        { indent: '  ' },
      ),
    ),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function facts(order: Order): string[][] {
  const { buyer } = order;
  const name = buyer.name ?? [buyer.firstName, buyer.lastName].filter(Boolean).join(' ');
  const metadata = Object.entries(order.metadata).map(([key, value]) => `${key}=${value}`);
  const all: [string, string][] = [
    ['Buyer', [name, buyer.email && `<${buyer.email}>`].filter(Boolean).join(' ')],
    ['Total', order.total ? formatMoney(order.total) : ''],
    ['Gateway', order.gateway],
    ['Purchase', order.purchase],
    ['References', order.references.filter((reference) => reference !== order.purchase).join(', ')],
    ['Created', localTime(order.createdAt)],
    ['First paid', order.paidAt === undefined ? '' : localTime(order.paidAt)],
    ['Reason', order.reason ?? ''],
    ['Metadata', metadata.join(', ')],
    ['Files', `version ${order.configVersion}`],
  ];
  return all.filter(([, value]) => value !== '');
}

function describeHolds({ id, holds }: Order): string[] {
  if (holds.length === 0) return [];
  return [
    ...table(
      holds.map(({ code, message }) => [code, message]),
      { indent: '  ' },
    ),
    `  To accept it as it is: npx handover release ${id} --because "..."`,
    `  After a correction of the files: npx handover retry ${id}`,
  ];
}

function lineRow({ line, sku, title, quantity, total, state }: OrderLine): string[] {
  const remark = { open: '', parked: 'waits for a product file of this SKU', foreign: 'not ours' }[state];
  return [String(line), sku ?? 'no SKU', title, `x${quantity}`, formatMoney(total), remark];
}

function paymentRow({ reference, amount, at, refunded, dispute, period }: Order['payments'][number]): string[] {
  return [
    reference,
    formatMoney(amount),
    localTime(at),
    refunded > 0 ? `${formatMoney({ ...amount, amount: refunded })} refunded` : '',
    dispute === 'none' ? '' : `dispute ${dispute}`,
    period ? `for ${localTime(period.from)} to ${localTime(period.until)}` : '',
  ];
}

/** What the reasons ask for; the steps tell how far that is. */
const stands = { granted: 'stands', suspended: 'suspended', revoked: 'taken back' } as const;

function describeGrant({ line, unit, name, action, wanted, reasons }: Grant): string[] {
  const because = reasons.map(describeReason);
  return [
    `  ${oneLine(`${name}, line ${line}, unit ${unit} (${action}): ${stands[wanted]}`)}`,
    ...(because.length === 0 ? ['    no reason is left'] : because.map((reason) => `    ${oneLine(reason)}`)),
  ];
}

function describeReason({ kind, reference, since, until, withdrawn, suspended }: Reason): string {
  const end = until === undefined ? '' : ` until ${localTime(until)}`;
  const lost = withdrawn ? `, withdrawn by ${withdrawn.by} on ${localTime(withdrawn.at)}` : '';
  return `because of ${kind} ${reference}, since ${localTime(since)}${end}${suspended === undefined ? '' : suspended === 'disputed' ? ', suspended by a dispute' : ', paused'}${lost}`;
}

function eventRow({ at, kind, amount, id, reason, staff }: PaymentEvent): string[] {
  const by = staff ? `by ${staff.by}: ${staff.because}${staff.codes ? ` (${staff.codes.join(',')})` : ''}` : '';
  return [localTime(at), kind, amount ? formatMoney(amount) : '', id, [reason, by].filter(Boolean).join(' ')];
}
