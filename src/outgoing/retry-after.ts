/** `Retry-After` as milliseconds from `now`, from seconds or an HTTP date, at most one day. Undefined when absent or unreadable. */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const wanted = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  if (Number.isNaN(wanted)) return undefined;
  return Math.min(Math.max(wanted, 0), 24 * 60 * 60 * 1000);
}
