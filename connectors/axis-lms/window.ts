/** Days as `2026-03-01`, so that they compare as text. */
export interface AccessWindow {
  readonly start?: string;
  /** The last day of access. Undefined: no end. */
  readonly end?: string;
}

export interface Term {
  readonly days?: number;
  readonly months?: number;
  /** A fixed last day, `2026-12-31`. */
  readonly until?: string;
}

export interface TermRules {
  readonly repeatPurchase: 'set' | 'extend';
  /** How many terms were bought. Counts for `extend` only. */
  readonly times: number;
  readonly openEnd: string;
}

export function dayIn(timeZone: string, moment: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(moment);
}

export function addDays(day: string, days: number): string {
  const moved = new Date(`${day}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

/** 31 January plus one month is the last day of February. */
export function addMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const lastDate = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastDate))).toISOString().slice(0, 10);
}

/** The vendor's date8. Source: https://www.atrixware.com/docs/manual.php?id=18&page=472& */
export function toDate8(day: string): string {
  return day.replaceAll('-', '');
}

/** Undefined for an empty date. Also takes the dashed form. */
export function fromDate8(text: string): string | undefined {
  const found = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(text.trim());
  return found && found[1] !== '0000' ? `${found[1]}-${found[2]}-${found[3]}` : undefined;
}

export function endOf(start: string, { days, months, until }: Term, times = 1): string | undefined {
  if (until !== undefined) return until;
  if (months !== undefined) return addMonths(start, months * times);
  return days === undefined ? undefined : addDays(start, days * times);
}

/**
 * The window after a purchase. `set` counts the term from the purchase, `extend` adds it to what is left. Neither takes away
 * time the learner has: an end on file that is later stays.
 */
export function windowAfter(present: AccessWindow | undefined, since: string, term: Term, rules: TermRules): AccessWindow {
  const { repeatPurchase, openEnd } = rules;
  const times = repeatPurchase === 'extend' ? rules.times : 1;
  if (!present) return asWindow(since, endOf(since, term, times));
  const isRunning = present.end === undefined || present.end >= since;
  if (!isRunning) return asWindow(since, endOf(since, term, times) ?? openEnd);

  const keepsStart = present.start === undefined || present.start <= since;
  const isExtended = repeatPurchase === 'extend' && term.until === undefined && present.end !== undefined;
  const end = endOf(isExtended ? (present.end ?? since) : since, term, times);
  if (isEarlier(end, present.end, openEnd)) {
    const start = keepsStart && isExtended ? present.start : since;
    return asWindow(start ?? since, end ?? openEnd);
  }
  return keepsStart ? present : asWindow(since, present.end);
}

/** Whether `present` ends before `end`; no end is the latest. */
function isEarlier(end: string | undefined, present: string | undefined, openEnd: string): boolean {
  return endsLater({ ...(end !== undefined && { end }) }, { ...(present !== undefined && { end: present }) }, openEnd);
}

/** Whether `one` gives access for longer than `other`. */
export function endsLater(one: AccessWindow, other: AccessWindow, openEnd: string): boolean {
  const [a, b] = [closed(one.end, openEnd), closed(other.end, openEnd)];
  return b !== undefined && (a === undefined || a > b);
}

export function isSameWindow(one: AccessWindow, other: AccessWindow, openEnd: string): boolean {
  return one.start === other.start && closed(one.end, openEnd) === closed(other.end, openEnd);
}

/** Whether what is on file is what was to be written. Without dates, being enrolled is enough. */
export function fulfils(present: AccessWindow, window: AccessWindow, openEnd: string): boolean {
  return (window.start === undefined && window.end === undefined) || isSameWindow(present, window, openEnd);
}

export function asWindow(start: string | undefined, end: string | undefined): AccessWindow {
  return { ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
}

function closed(end: string | undefined, openEnd: string): string | undefined {
  return end !== undefined && end >= openEnd ? undefined : end;
}
