import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { HandoverError } from '../contract/errors.ts';
import { formatMoney } from '../contract/money.ts';
import type { StatementFormat } from '../statements/statement.ts';
import type { MatchKind, OfflineDesk, Proposal } from '../wiring/offline-desk.ts';
import { byOption, jsonOption, type Command, type Input } from './command.ts';
import { describeConfirmed } from './confirm.ts';
import { withOfflineDesk } from './offline-desk.ts';
import { readPlace } from './place.ts';
import { readStaffName } from './staff-name.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';

/** Payments of a bank statement, and the orders they are for. */
export const statement: Command = {
  name: 'statement',
  summary: 'Reads a bank statement and finds the orders its payments are for',
  details: [
    'FILE is CSV as banks export it, or CAMT.053 (XML). Matches go by the reference on the order and the sum. Nothing is confirmed\nunless you say so, and the same statement twice changes nothing.',
    'Only exact matches are confirmed by --confirm (each is asked for) and --yes (none is asked for). The rest is listed with the\ncommand to type: a part, too much, a late payment, or a payment without a reference whose name and sum fit one order.',
    'Columns that are not recognised are named with --column, or for good under "statement" of the gateway in handover.json.',
  ],
  operands: [{ name: 'FILE' }],
  options: {
    confirm: { summary: 'Asks for each exact match whether to confirm it' },
    yes: { summary: 'Confirms all exact matches without asking' },
    column: { value: 'WHAT=HEADING', repeatable: true, summary: 'date, amount, credit, direction, currency, name, text or id' },
    decimal: { value: 'MARK', choices: [',', '.'], summary: 'What parts whole and fraction of a sum' },
    delimiter: { value: 'MARK', choices: [',', ';', 'tab'], summary: 'What parts the columns' },
    encoding: { value: 'NAME', choices: ['utf-8', 'windows-1252', 'utf-16le'], summary: 'How letters are written' },
    currency: { value: 'CODE', summary: 'The currency of a file that names none' },
    by: byOption,
    json: jsonOption,
  },
  examples: ['npx handover statement january.csv', 'npx handover statement january.xml --yes --by "Ada Byron"'],

  async run(input, terminal) {
    const bytes = await readBytes(input.operands[0] ?? '');
    const by = readStaffName(input);
    const typed = formatFrom(input);
    const { readStatement } = await import('../statements/statement.ts');
    return withOfflineDesk(readPlace(input), async (desk, app) => {
      const offline = [...app.configuration().gateways.values()].find(({ gateway }) => gateway.name === 'offline');
      const configured = (offline?.options['statement'] ?? {}) as StatementFormat;
      const format = { ...configured, ...typed, columns: { ...configured.columns, ...typed.columns } };
      const { entries, skipped } = readStatement(bytes, format);
      const proposals = await desk.match(entries);
      const confirmed = await confirmExact(proposals, desk, input, {
        by,
        now: () => app.now(),
        note: (text) => terminal.note(text),
      });
      if (input.has('json')) terminal.printJson({ skipped, entries: proposals.map((one) => forMachines(one, confirmed)) });
      else terminal.print(describe(proposals, skipped, confirmed).join('\n'));
      return 0;
    });
  },
};

interface Confirming {
  readonly by: string;
  readonly now: () => Date;
  readonly note: (text: string) => void;
}

/** What became of the exact ones, by payment. */
async function confirmExact(
  proposals: readonly Proposal[],
  desk: OfflineDesk,
  input: Input,
  { by, now, note }: Confirming,
): Promise<ReadonlyMap<string, 'counts' | 'waiting' | 'known'>> {
  const done = new Map<string, 'counts' | 'waiting' | 'known'>();
  if (!input.has('confirm') && !input.has('yes')) return done;
  if (!input.has('yes') && !process.stdin.isTTY) {
    throw new UsageError('OPTION_VALUE', '--confirm asks at a terminal, and this is none. To confirm all exact matches: --yes');
  }
  const prompt = input.has('yes') ? undefined : createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (const { entry, order, kind } of proposals) {
      if (kind !== 'exact' || !order) continue;
      const sum = formatMoney(entry.amount);
      const answer = await prompt?.question(`${sum} from ${entry.name || 'somebody'} for order ${order.id}: confirm? [y/N] `);
      if (answer !== undefined && !/^(y|yes|j|ja)$/i.test(answer.trim())) continue;
      const receipt = { amount: entry.amount, reference: entry.id, by, because: `Bank statement, ${entry.date}`, at: now() };
      const result = await desk.confirm(order.id, receipt);
      done.set(entry.id, result.kind);
      note(describeConfirmed(result.kind, result.order, { sum, reference: entry.id, by }).join('\n'));
    }
  } finally {
    prompt?.close();
  }
  return done;
}

const words: Readonly<Record<MatchKind, string>> = {
  exact: 'fits',
  part: 'a part of the sum',
  over: 'too much',
  late: 'the order has expired',
  paid: 'the order is paid already',
  known: 'confirmed before',
  currency: 'another currency',
  guess: 'name and sum fit, no reference',
  none: 'no order',
};

type Confirmed = Awaited<ReturnType<typeof confirmExact>>;

function describe(proposals: readonly Proposal[], skipped: number, confirmed: Confirmed): string[] {
  if (proposals.length === 0)
    return [`There is no money coming in on this statement. ${skipped} other entries were passed over.`];
  const rows = proposals.map(({ entry, kind, order }) => [
    entry.date,
    formatMoney(entry.amount),
    entry.name.slice(0, 30),
    order?.id ?? '',
    confirmed.has(entry.id)
      ? { counts: 'confirmed', waiting: 'waits for a second person', known: 'confirmed before' }[
          confirmed.get(entry.id) ?? 'known'
        ]
      : words[kind],
  ]);
  const open = proposals.filter(
    ({ kind, entry }) => ['exact', 'part', 'over', 'late', 'guess'].includes(kind) && !confirmed.has(entry.id),
  );
  return [
    ...table(rows, { heading: ['day', 'sum', 'from', 'order', 'match'] }),
    ...(skipped > 0 ? ['', `${skipped} entries that are no money coming in were passed over.`] : []),
    ...(open.length > 0
      ? ['', 'To confirm one of them:', ...open.map(({ entry, order }) => `  ${commandFor(entry, order?.id ?? '')}`)]
      : []),
  ];
}

function commandFor({ amount, id }: Proposal['entry'], order: string): string {
  return `npx handover confirm ${order} --amount "${formatMoney(amount)}" --reference "${id}"`;
}

function forMachines({ entry, kind, order }: Proposal, confirmed: Confirmed): object {
  return {
    ...entry,
    match: kind,
    ...(order && { order: order.id, status: order.status }),
    confirmed: confirmed.get(entry.id) ?? null,
  };
}

function formatFrom(input: Input): StatementFormat {
  const columns: Record<string, string[]> = {};
  for (const text of input.values('column')) {
    const [, what = '', heading = ''] = /^(date|amount|credit|direction|currency|name|text|id)=(.+)$/.exec(text) ?? [];
    if (what === '')
      throw new UsageError('OPTION_VALUE', `--column takes WHAT=HEADING, for example amount=Betrag, not "${text}".`);
    (columns[what] ??= []).push(heading);
  }
  const given = (['decimal', 'delimiter', 'encoding', 'currency'] as const).flatMap((name) => {
    const value = input.value(name);
    return value === undefined ? [] : [[name, value]];
  });
  return { ...(Object.fromEntries(given) as StatementFormat), columns };
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new HandoverError('FILE_UNREADABLE', `The file ${file} cannot be read (${why}).`, {
      hint: 'Correct the path.',
      cause: error,
    });
  }
}
