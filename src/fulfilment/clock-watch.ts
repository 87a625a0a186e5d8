import type { Logger } from '../contract/log.ts';
import type { Store } from '../storage/store.ts';

export interface ClockWatchParts {
  readonly store: Pick<Store, 'clock' | 'mendClock'>;
  readonly leaseMs: number;
  readonly log: Logger;
  /** Milliseconds that only ever go forward. */
  readonly elapsed?: () => number;
}

/** A difference that takes a noticeable part of a lease, and is more than keeping a clock in time makes. */
const leastJumpMs = 5000;
/** What the workers of other processes may have asked for. */
const usualLeaseMs = 60_000;

/**
 * Compares the store's clock with one that cannot be set. To be asked before each claim: a clock that was put forward would
 * make every lease lapse at once, one that was put back would leave work lying until it has caught up. True: what was due
 * before is due at other times now.
 */
export function createClockWatch({
  store,
  leaseMs,
  log,
  elapsed = () => performance.now(),
}: ClockWatchParts): () => Promise<boolean> {
  const tolerableMs = Math.min(leastJumpMs, leaseMs / 4);
  const longestLeaseMs = Math.max(leaseMs, usualLeaseMs);
  let last: { readonly clock: number; readonly before: number; readonly after: number } | undefined;
  /** A mending was asked for and its answer was lost: it may have been done, and the clock may be right again by the next look. */
  let isUnsure = false;

  async function mend(byMs: number | undefined): Promise<void> {
    isUnsure = true;
    await store.mendClock(byMs, longestLeaseMs);
    isUnsure = false;
  }

  return async () => {
    const before = elapsed();
    const clock = await store.clock();
    const after = elapsed();
    const seen = last;
    const look = { clock, before, after };
    if (!seen) {
      await mend(undefined);
      last = look;
      return true;
    }
    const passedMs = clock - seen.clock;
    const forwardsMs = passedMs - (after - seen.before);
    const backMs = before - seen.after - passedMs;
    if (Math.max(forwardsMs, backMs) < tolerableMs) {
      const isMending = isUnsure;
      if (isMending) await mend(undefined);
      last = look;
      return isMending;
    }
    const byMs = Math.round(forwardsMs > 0 ? forwardsMs : -backMs);
    log.warn({ code: 'CLOCK_WAS_SET', byMs }, 'The clock was set; claims and due times are put right.');
    await mend(byMs);
    last = look; // not before: a jump that the store could not mend just now is still there at the next look
    return true;
  };
}
