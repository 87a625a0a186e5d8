import type { StepError } from '../contract/errors.ts';

export interface TimeLimit {
  readonly seconds: number;
  readonly stopping: AbortSignal;
  /** What the work fails with when it takes longer. */
  readonly late: () => StepError;
}

/** What never answers must not hold its place: after the time limit the attempt is over, whatever it still does or throws. */
export function withinTime<T>({ seconds, stopping, late }: TimeLimit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const signal = AbortSignal.any([limit.signal, stopping]);
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      limit.abort();
      reject(late());
    }, seconds * 1000);
    timer.unref();
    work(signal)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
