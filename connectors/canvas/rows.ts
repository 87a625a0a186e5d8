/** A record of the other side, as read: nothing in it is certain. */
export type Row = Readonly<Record<string, unknown>>;

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Ids are asked for as texts, since some are larger than a number holds exactly. Empty for anything else. */
export function idOf(row: Row | undefined, name = 'id'): string {
  const value = textOf(row?.[name]);
  return /^\d+$/.test(value) ? value : '';
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
