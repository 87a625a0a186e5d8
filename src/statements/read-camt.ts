import { createHash } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { HandoverError } from '../contract/errors.ts';
import { readAmount } from './read-amount.ts';
import { plainName } from './plain-name.ts';
import { readDate } from './read-date.ts';
import type { Statement, StatementEntry } from './entry.ts';

type Node = Readonly<Record<string, unknown>>;

const deepest = 60;

/**
 * A CAMT.053 statement or CAMT.054 notice (ISO 20022, bank to customer): booked credits, one entry for each single payment of a
 * batch. A document type or an entity of its own has no business in one, so such a file is refused before it is parsed.
 */
export function readCamt(text: string): Statement {
  if (/<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST)/i.test(text)) throw unreadable('it declares a document type, which no bank does');
  const root = parse(text);
  const document = node(root['Document']);
  const body = node(document['BkToCstmrStmt'] ?? document['BkToCstmrDbtCdtNtfctn']);
  const parts = [...list(body['Stmt']), ...list(body['Ntfctn'])];
  if (parts.length === 0) throw unreadable('it is neither CAMT.053 nor CAMT.054');
  const seen = new Map<string, number>();
  const entries = parts.flatMap((part) => list(part['Ntry']));
  const booked = entries.filter(isBookedCredit);
  const payments = booked.flatMap((entry) => paymentsIn(entry, seen));
  return { entries: payments, skipped: entries.length - booked.length };
}

/** The parser takes a file that was cut off; we do not: each element ends, and in the right order. */
function isWhole(text: string): boolean {
  const open: string[] = [];
  const bare = text.replace(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>/g, '').trim();
  for (const [, end = '', name = '', rest = ''] of bare.matchAll(/<(\/?)([\w:.-]+)([^>]*)>/g)) {
    if (end === '/' && open.pop() !== name) return false;
    if (end === '' && !rest.endsWith('/')) open.push(name);
  }
  return open.length === 0 && bare.endsWith('>');
}

function parse(text: string): Node {
  if (!isWhole(text)) throw unreadable('it is cut off, or its elements do not end in order');
  try {
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      removeNSPrefix: true,
      parseTagValue: false,
      parseAttributeValue: false,
      processEntities: false,
      maxNestedTags: deepest,
    });
    return node(parser.parse(text));
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : 'unknown', error);
  }
}

function isBookedCredit(entry: Node): boolean {
  const status = textOf(node(entry['Sts'])['Cd']) || textOf(entry['Sts']);
  return textOf(entry['CdtDbtInd']) === 'CRDT' && textOf(entry['RvslInd']) !== 'true' && (status === '' || status === 'BOOK');
}

function paymentsIn(entry: Node, seen: Map<string, number>): StatementEntry[] {
  const single = list(entry['NtryDtls']).flatMap((details) => list(details['TxDtls']));
  const whole = amountIn(entry['Amt']);
  if (single.length < 2) return [paymentFrom(entry, single[0] ?? {}, whole, seen)];
  return single
    .filter((details) => (textOf(details['CdtDbtInd']) || 'CRDT') === 'CRDT')
    .map((details) =>
      paymentFrom(entry, details, amountIn(details['Amt']) ?? amountIn(node(node(details['AmtDtls'])['TxAmt'])['Amt']), seen),
    );
}

function paymentFrom(
  entry: Node,
  details: Node,
  amount: StatementEntry['amount'] | undefined,
  seen: Map<string, number>,
): StatementEntry {
  if (!amount) throw unreadable('an entry has no sum that can be read');
  const refs = node(details['Refs']);
  const remittance = node(details['RmtInf']);
  const written = [
    ...list(remittance['Ustrd']).map(textOf),
    ...list(remittance['Strd']).map((each) => textOf(node(each['CdtrRefInf'])['Ref'])),
    textOf(refs['EndToEndId']),
    textOf(entry['AddtlNtryInf']),
  ];
  const debtor = node(node(details['RltdPties'])['Dbtr']);
  const date = node(entry['BookgDt']);
  const facts = {
    date: readDate(textOf(date['Dt']) || textOf(date['DtTm'])),
    name: textOf(debtor['Nm']) || textOf(node(debtor['Pty'])['Nm']),
    text: written.filter((each) => each !== '' && each !== 'NOTPROVIDED').join(' '),
  };
  const bank = plainName(
    textOf(refs['AcctSvcrRef']) || textOf(entry['AcctSvcrRef']) || textOf(refs['TxId']) || textOf(entry['NtryRef']),
  );
  return { ...facts, amount, id: nameFor(bank, [facts.date, amount.amount, amount.currency, facts.name, facts.text], seen) };
}

/** The bank's name where it has one; payments of one batch can share it, so what they say is part of the name. */
function nameFor(bank: string, words: readonly (string | number)[], seen: Map<string, number>): string {
  const text = JSON.stringify(words);
  const times = (seen.get(bank + text) ?? 0) + 1;
  seen.set(bank + text, times);
  const mark = createHash('sha256').update(`${times} ${text}`).digest('hex');
  return bank === '' ? `camt-${mark.slice(0, 16)}` : `${bank}-${mark.slice(0, 6)}`;
}

function amountIn(value: unknown): StatementEntry['amount'] | undefined {
  const currency = node(value)['@Ccy'];
  return typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? readAmount(textOf(value), currency, '.') : undefined;
}

function node(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {};
}

function list(value: unknown): Node[] {
  if (value === undefined || value === '') return [];
  return [value].flat().map((each) => (typeof each === 'string' ? { '#text': each } : node(each)));
}

/** An element's text; the five entities of XML itself and numbered characters are what they stand for. */
function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : node(value)['#text'];
  if (typeof text !== 'string') return '';
  return text
    .replace(
      /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|quot|apos|amp));/gi,
      (whole, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }[name.toLowerCase()] ?? whole;
        const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
      },
    )
    .replace(/\s+/g, ' ')
    .trim();
}

function unreadable(why: string, cause?: unknown): HandoverError {
  return new HandoverError('STATEMENT_UNREADABLE', `The XML file is not taken: ${why}.`, {
    hint: 'Export the statement from your bank anew, as CAMT.053.',
    ...(cause !== undefined && { cause }),
  });
}
