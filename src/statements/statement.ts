import { HandoverError } from '../contract/errors.ts';
import { decodeText, looksLikeXml } from './decode-text.ts';
import type { Statement, StatementFormat } from './entry.ts';
import { readCamt } from './read-camt.ts';
import { readCsv } from './read-csv.ts';

export type { Statement, StatementEntry, StatementFormat } from './entry.ts';

const mostBytes = 20 * 1024 * 1024;

/** Reads a bank statement, CAMT.053 or .054 (ISO 20022) or CSV. Throws `STATEMENT_…` and takes nothing of a file it does not understand. */
export function readStatement(bytes: Uint8Array, format: StatementFormat = {}): Statement {
  if (bytes.length > mostBytes) {
    throw new HandoverError('STATEMENT_TOO_LARGE', `The file has ${Math.round(bytes.length / 1024 / 1024)} MB.`, {
      hint: 'A statement of a month has far less than 20 MB. Is it the right file?',
    });
  }
  const text = decodeText(bytes, format.encoding);
  return looksLikeXml(text) ? readCamt(text) : readCsv(text, format);
}
