/** `15.01.2027`, `15/01/2027`, `2027-01-15T…` as `2027-01-15`; anything else as it is written. */
export function readDate(text: string): string {
  const iso = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
  if (iso) return iso[0];
  const [, day, month, year] = /^(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?:\D|$)/.exec(text) ?? [];
  if (day === undefined || month === undefined || year === undefined) return text;
  return `${year.padStart(4, '20')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
