/** Rows as text in columns, two spaces apart. The last column is not padded; columns that are empty throughout are left out. */
export function table(
  rows: readonly (readonly string[])[],
  { heading, indent = '' }: { heading?: readonly string[]; indent?: string } = {},
): string[] {
  const all = rows.map((row) => row.map(oneLine));
  const width = Math.max(0, ...all.map((row) => row.length));
  const filled = Array.from({ length: width }, (_, column) => column).filter((column) =>
    all.some((row) => (row[column] ?? '') !== ''),
  );
  const shown = [...(heading ? [heading] : []), ...all].map((row) => filled.map((column) => row[column] ?? ''));
  const widths = filled.map((_, place) => Math.max(...shown.map((row) => lengthOf(row[place] ?? ''))));
  return shown.map(
    (row) =>
      indent +
      row
        .map((cell, place) => cell + ' '.repeat((widths[place] ?? 0) - lengthOf(cell)))
        .join('  ')
        .trimEnd(),
  );
}

/** A value in a line of text: what would break the line becomes a space. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

const segmenter = new Intl.Segmenter();

/** In characters as a reader counts them. */
function lengthOf(text: string): number {
  return /^[\x20-\x7E]*$/.test(text) ? text.length : Array.from(segmenter.segment(text)).length;
}
