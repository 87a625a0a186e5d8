import { fieldsAt, listAt, textAt, wholeAt, type Fields } from '../json-fields.ts';
import { moneyAt } from './money.ts';

/** One kind of period in a plan, e.g. a trial of a month, then every month. */
export interface Cycle {
  readonly isTrial: boolean;
  readonly isFree: boolean;
  readonly unit: string;
  readonly count: number;
  /** How often it comes. 0: without end. */
  readonly times: number;
}

/** The cycles of a plan in their order. A subscription may replace them by its own (`plan` inside it). */
export function cyclesOf(plan: Fields, subscription: Fields): Cycle[] {
  const own = listAt(subscription, 'plan', 'billing_cycles');
  const cycles = own.length > 0 ? own : listAt(plan, 'billing_cycles');
  return cycles
    .toSorted((a, b) => (wholeAt(a, 'sequence') ?? 0) - (wholeAt(b, 'sequence') ?? 0))
    .map((cycle) => {
      const price = moneyAt(cycle, 'pricing_scheme', 'fixed_price');
      const isTrial = textAt(cycle, 'tenure_type') === 'TRIAL';
      return {
        isTrial,
        isFree: isTrial && (price?.amount ?? 0) === 0,
        unit: textAt(cycle, 'frequency', 'interval_unit') ?? '',
        count: wholeAt(cycle, 'frequency', 'interval_count') ?? 1,
        times: wholeAt(cycle, 'total_cycles') ?? 1,
      };
    });
}

/** The cycle that the payment after so many others is for. Free ones are paid by none. */
export function cycleOfPayment(cycles: readonly Cycle[], before: number): Cycle | undefined {
  let left = before;
  for (const cycle of cycles.filter(({ isFree }) => !isFree)) {
    if (cycle.times === 0 || left < cycle.times) return cycle;
    left -= cycle.times;
  }
  return cycles.at(-1);
}

/** How long a trial lasts from a moment on, when the plan begins with a free one. */
export function endOfFreeTrial(cycles: readonly Cycle[], from: string): string | undefined {
  const trials = cycles.filter(({ isFree }) => isFree);
  return trials.length === 0
    ? undefined
    : trials.reduce<string | undefined>(
        (until, cycle) => (until === undefined ? until : endOf(cycle, until, cycle.times || 1)),
        from,
      );
}

/** When a period that begins then ends; months of different lengths end on their last day at the latest. Undefined: unknown unit. */
export function endOf({ unit, count }: Pick<Cycle, 'unit' | 'count'>, from: string, times = 1): string | undefined {
  const at = new Date(from);
  const many = count * times;
  switch (unit) {
    case 'DAY':
      at.setUTCDate(at.getUTCDate() + many);
      break;
    case 'WEEK':
      at.setUTCDate(at.getUTCDate() + 7 * many);
      break;
    case 'MONTH':
      addMonths(at, many);
      break;
    case 'YEAR':
      addMonths(at, 12 * many);
      break;
    default:
      return undefined;
  }
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

function addMonths(at: Date, months: number): void {
  const day = at.getUTCDate();
  at.setUTCDate(1);
  at.setUTCMonth(at.getUTCMonth() + months);
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
  at.setUTCDate(Math.min(day, last));
}

/** What one period costs by the plan, for one piece. */
export function regularPrice(plan: Fields, subscription: Fields) {
  const cycles = listAt(fieldsAt(subscription, 'plan') ?? {}, 'billing_cycles');
  const regular = (cycles.length > 0 ? cycles : listAt(plan, 'billing_cycles')).find(
    (cycle) => textAt(cycle, 'tenure_type') === 'REGULAR',
  );
  return moneyAt(regular, 'pricing_scheme', 'fixed_price');
}
