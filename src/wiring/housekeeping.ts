import type { Configuration } from '../config/configuration.ts';
import { HandoverError } from '../contract/errors.ts';
import type { Logger } from '../contract/log.ts';
import type { Retention, Store } from '../storage/store.ts';

export interface HousekeepingParts {
  readonly store: Pick<Store, 'thinOut' | 'takeTurn'>;
  readonly configuration: () => Configuration;
  readonly log: Logger;
  /** Between two batches, and between a round that found nothing more and the next. @default 1000 and an hour */
  readonly pauses?: { readonly batchMs: number; readonly roundMs: number };
}

export interface Housekeeping {
  close(): void;
}

const dayMs = 24 * 60 * 60 * 1000;
/** So few that nobody who pays at the same moment notices. */
const batchRows = 25;

/**
 * Takes out of the store what need not be kept, beside the work and never in a request: a few rows at a time, at most once a
 * second over all processes. It keeps no place: what is left is found again, by this process or another one.
 */
export function startHousekeeping({ store, configuration, log, pauses }: HousekeepingParts): Housekeeping {
  const { batchMs, roundMs } = pauses ?? { batchMs: 1000, roundMs: 60 * 60 * 1000 };
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let sum = 0;

  function rest(ms: number): void {
    if (!isClosed) timer = setTimeout(() => void batch(), ms * (1 + Math.random() / 4)).unref();
  }

  async function batch(): Promise<void> {
    try {
      if (!(await store.takeTurn('housekeeping', batchMs))) {
        rest(batchMs);
        return;
      }
      const thinned = await store.thinOut(retentionOf(configuration()), batchRows);
      const counts = Object.values(thinned) as number[];
      sum += counts.reduce((total, count) => total + count, 0);
      if (counts.some((count) => count === batchRows)) rest(batchMs);
      else endRound();
    } catch (error) {
      const code = error instanceof HandoverError ? error.code : 'UNEXPECTED_ERROR';
      if (!isClosed) log.warn({ code }, 'Old rows could not be taken out of the store; the next try follows.');
      rest(roundMs);
    }
  }

  function endRound(): void {
    if (sum > 0) log.info({ rows: sum }, 'Old rows of the store were taken out or emptied.');
    sum = 0;
    rest(roundMs);
  }

  rest(Math.min(roundMs, 60_000));
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

function retentionOf({ site: { retention } }: Configuration): Retention {
  const inMs = (days: number | null): number | undefined => (days === null ? undefined : days * dayMs);
  return {
    callbackMs: inMs(retention.callbackDays),
    stepMs: inMs(retention.stepDays),
    sampleMs: inMs(retention.sampleDays),
  };
}
