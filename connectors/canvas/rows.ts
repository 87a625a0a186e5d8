import { textOf, type Row } from 'handover/contract';

/** Ids are asked for as texts, since some are larger than a number holds exactly. Empty for anything else. */
export function idOf(row: Row | undefined, name = 'id'): string {
  const value = textOf(row?.[name]);
  return /^\d+$/.test(value) ? value : '';
}
