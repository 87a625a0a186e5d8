import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { HandoverError } from '../contract/errors.ts';
import { findColumns, type Columns } from './csv-columns.ts';
import { readAmount } from './read-amount.ts';
import { plainName } from './plain-name.ts';
import { readDate } from './read-date.ts';
import type { Statement, StatementEntry, StatementFormat } from './entry.ts';

const mostRows = 100_000;
const delimiters = { ',': ',', ';': ';', tab: '\t' } as const;

/** A CSV file as banks export it: some lines about the account may stand before the headings. */
export function readCsv(text: string, format: StatementFormat): Statement {
  const rows = rowsOf(text, format.delimiter ? delimiters[format.delimiter] : likelyDelimiter(text));
  const heading = findColumns(rows, format.columns);
  if (!heading) throw noColumns(rows);
  const { columns } = heading;
  const headed = currencyIn(rows[heading.row]?.[columns.credit ?? columns.amount ?? -1] ?? '');
  const decimal = format.decimal ?? likelyDecimal(rows.slice(heading.row + 1), columns);
  const entries: StatementEntry[] = [];
  const seen = new Map<string, number>();
  let skipped = 0;
  for (const [index, row] of rows.entries()) {
    if (index <= heading.row || row.every((cell) => cell.trim() === '')) continue;
    const cell = (column: number | undefined): string => (column === undefined ? '' : (row[column] ?? '').trim());
    const written = cell(columns.credit ?? columns.amount);
    const currency = currencyIn(cell(columns.currency)) ?? currencyIn(written) ?? headed ?? format.currency;
    if (written === '') {
      skipped += 1;
      continue;
    }
    if (currency === undefined) throw noCurrency(index + 1);
    const amount = readAmount(written, currency, decimal);
    if (!amount) {
      if (isFooter(row, columns)) continue;
      throw noAmount(index + 1, written);
    }
    if (amount.amount <= 0 || isMoneyOut(cell(columns.direction))) {
      skipped += 1;
      continue;
    }
    const facts = {
      date: readDate(cell(columns.date)),
      name: cell(columns.name),
      text: columns.text
        .map((column) => cell(column))
        .filter(Boolean)
        .join(' '),
    };
    entries.push({
      ...facts,
      amount,
      id: plainName(cell(columns.id)) || nameFor([facts.date, amount.amount, currency, facts.name, facts.text], seen),
    });
  }
  return { entries, skipped };
}

function rowsOf(text: string, delimiter: string): string[][] {
  try {
    return parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      to: mostRows,
      max_record_size: 100_000,
    });
  } catch (error) {
    throw new HandoverError(
      'STATEMENT_UNREADABLE',
      `The file is not CSV: ${error instanceof Error ? error.message : 'unknown'}`,
      {
        hint: 'Export it from your bank anew, as CSV or as CAMT.053 (XML).',
        cause: error,
      },
    );
  }
}

function likelyDelimiter(text: string): string {
  const lines = text.split(/\r?\n/).slice(0, 40);
  const most = (mark: string): number => Math.max(0, ...lines.map((line) => line.split(mark).length));
  return [';', '\t', ','].reduce((best, mark) => (most(mark) > most(best) ? mark : best));
}

/** What most sums of the file can only mean. */
function likelyDecimal(rows: readonly (readonly string[])[], columns: Columns): ',' | '.' | undefined {
  const column = columns.credit ?? columns.amount;
  const ends = rows.flatMap((row) => /([.,])\d{2}(?!\d)/.exec((row[column ?? -1] ?? '').replace(/[^\d.,]+$/, ''))?.[1] ?? []);
  const commas = ends.filter((mark) => mark === ',').length;
  if (ends.length === 0) return undefined;
  return commas * 2 > ends.length ? ',' : '.';
}

/** `H`, `Haben`, `Credit`, `CRDT` are money in. */
function isMoneyOut(direction: string): boolean {
  return /^(s|soll|d|dr|debit|dbit|belastung|lastschrift)$/i.test(direction);
}

function currencyIn(text: string): string | undefined {
  if (text.includes('€')) return 'EUR';
  return /(?:^|[^A-Z])([A-Z]{3})(?:$|[^A-Z])/.exec(text)?.[1];
}

/** Lines such as "closing balance" have a sum nowhere or text where the sum belongs. */
function isFooter(row: readonly string[], columns: Columns): boolean {
  return readDate((row[columns.date ?? -1] ?? '').trim()).match(/^\d{4}-/) === null;
}

/** Made from what the line says; of lines that say the same each has its number. */
function nameFor(words: readonly (string | number)[], seen: Map<string, number>): string {
  const text = JSON.stringify(words);
  const times = (seen.get(text) ?? 0) + 1;
  seen.set(text, times);
  return `csv-${createHash('sha256').update(`${times} ${text}`).digest('hex').slice(0, 16)}`;
}

function noColumns(rows: readonly (readonly string[])[]): HandoverError {
  const first = rows.find((row) => row.length > 2) ?? rows[0] ?? [];
  return new HandoverError(
    'STATEMENT_COLUMNS',
    `No line of the file has headings for sum and text. It has: ${first.slice(0, 20).join(' | ')}`,
    {
      hint: 'Name them: --column amount=Betrag --column text=Verwendungszweck, or for good under "statement" of the gateway in handover.json.',
    },
  );
}

function noCurrency(line: number): HandoverError {
  return new HandoverError('STATEMENT_CURRENCY', `Row ${line} does not say its currency.`, {
    hint: 'Give it: --currency EUR, or for good under "statement" of the gateway in handover.json.',
  });
}

function noAmount(line: number, written: string): HandoverError {
  return new HandoverError(
    'STATEMENT_AMOUNT',
    `Row ${line} has the sum "${written.slice(0, 40)}", which could mean several things or nothing.`,
    {
      hint: 'Say how sums are written: --decimal , or --decimal . (or "statement.decimal" in handover.json). Nothing was taken from the file.',
    },
  );
}
