/**
 * One line of a table (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers of
 * ours are no texts.
 */
export function csvLine(cells: readonly (string | number | { readonly number: string })[]): string {
  return cells
    .map((cell) => (typeof cell === 'object' ? cell.number : quoted(typeof cell === 'number' ? String(cell) : defused(cell))))
    .join(',');
}

/** https://owasp.org/www-community/attacks/CSV_Injection */
function defused(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
