import { Refusal } from './refusal.ts';
import type { Lms } from './state.ts';

const rowsPerPage = 100;

/** One page of 100, the first unless asked otherwise. The first page exists even when nothing is on it. */
export function pageOf<T>(lms: Lms, rows: readonly T[], page = '1'): T[] {
  const from = (Number(page) - 1) * rowsPerPage;
  if (from > 0 && from >= rows.length && lms.switches.pastLastPage === 'error') throw new Refusal('pastLastPage');
  return rows.slice(from, from + rowsPerPage);
}

export function countOf(rows: readonly unknown[]): [{ records: string }] {
  return [{ records: String(rows.length) }];
}
