import { formatMoney } from '../contract/money.ts';
import type { Order } from '../contract/order.ts';
import type { Store } from '../storage/store.ts';
import type { Command, Input } from './command.ts';
import { csvLine } from './csv.ts';
import { movementsOf, type Movement } from './movements.ts';
import { peekIntoShop, withStore } from './open-shop.ts';
import { readPlace } from './place.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const heading = 'date,time,kind,order,gateway,mode,payment,reference,amount,currency,tax,country,items';
const pageSize = 500;

/** What is taken up, and how days are counted. */
interface Choice {
  readonly from: string;
  readonly to: string;
  readonly mode: string;
  readonly format: string;
  readonly dayOf: (at: string) => string;
}

/** Payments, refunds and fees for the books. */
export const exportMoney: Command = {
  name: 'export',
  summary: 'Prints payments, refunds and fees for accounting, one on each line',
  details: [
    'Orders come in the order they were made, the oldest first, and the movements of each by time. Days are counted in the\ntime zone of the site. What went out has a minus.',
    'Texts that a spreadsheet would take for a formula are printed with an apostrophe before them.',
  ],
  operands: [],
  options: {
    from: { value: 'DAY', summary: 'The first day, as 2026-01-01. Default: all' },
    to: { value: 'DAY', summary: 'The last day. Default: all' },
    format: { value: 'FORMAT', choices: ['csv', 'jsonl'], summary: 'csv (default), or jsonl: an object on each line' },
    mode: { value: 'MODE', choices: ['live', 'test'], summary: "Only live or test payments. Default: the site's own mode" },
  },
  examples: ['npx handover export --from 2026-01-01 --to 2026-03-31 > 2026-q1.csv'],

  async run(input, terminal) {
    const place = readPlace(input);
    const shop = await peekIntoShop(place, terminal);
    const choice: Choice = {
      from: readDay(input, 'from') ?? '0000-00-00',
      to: readDay(input, 'to') ?? '9999-99-99',
      mode: input.value('mode') ?? shop?.site.mode ?? 'live',
      format: input.value('format') ?? 'csv',
      dayOf: dayIn(shop?.site.site.timeZone ?? 'UTC'),
    };
    if (choice.format === 'csv') terminal.print(heading);
    const others = await withStore(place, (store) => printAll(store, choice, terminal));
    if (others > 0) terminal.note(`${others} ${others === 1 ? 'order' : 'orders'} of the other mode left out: --mode.`);
    return 0;
  },
};

/** Page by page and never all at once. Gives how many orders of the other mode there were. */
async function printAll(store: Store, choice: Choice, terminal: Terminal): Promise<number> {
  let others = 0;
  let after = { createdAt: '1970-01-01T00:00:00.000Z', id: '' };
  for (;;) {
    const page = await store.findOrders({ limit: pageSize, after });
    const wanted = page.filter(({ createdAt }) => choice.dayOf(createdAt) <= choice.to);
    for (const order of wanted) {
      if (order.mode !== choice.mode) others += 1;
      else for (const line of linesOf(order, choice)) terminal.print(line);
    }
    await terminal.taken();
    const last = page.at(-1);
    if (!last || wanted.length < page.length || page.length < pageSize) return others;
    after = { createdAt: last.createdAt, id: last.id };
  }
}

function linesOf(order: Order, { from, to, format, dayOf }: Choice): string[] {
  return movementsOf(order).flatMap((movement) => {
    const day = dayOf(movement.at);
    if (day < from || day > to) return [];
    return [format === 'csv' ? csvOf(day, order, movement) : jsonOf(day, order, movement)];
  });
}

function csvOf(day: string, { id, gateway, mode, buyer }: Order, movement: Movement): string {
  const { kind, at, payment, reference = '', amount, tax, skus } = movement;
  return csvLine([
    ...[day, at, kind, id, gateway, mode, payment, reference],
    { number: plain(amount) },
    amount.currency,
    { number: tax ? plain(tax) : '' },
    buyer.country ?? '',
    skus.join(' '),
  ]);
}

function jsonOf(date: string, { id: order, gateway, mode, buyer }: Order, movement: Movement): string {
  return JSON.stringify({ date, order, gateway, mode, country: buyer.country, ...movement });
}

/** `-49.00`, without the currency. */
function plain(money: Movement['amount']): string {
  const text = formatMoney(money);
  return text.slice(0, text.lastIndexOf(' '));
}

function readDay(input: Input, option: 'from' | 'to'): string | undefined {
  const text = input.value(option);
  if (text === undefined) return undefined;
  const at = new Date(`${text}T00:00:00Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)) return text;
  throw new UsageError('OPTION_VALUE', `--${option} takes a day as 2026-01-31, not "${text}".`);
}

function dayIn(timeZone: string): (at: string) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (at) => format.format(new Date(at));
}
