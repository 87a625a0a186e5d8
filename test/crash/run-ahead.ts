/**
 * Runs all cases, so many at a time, while the tests that tell their results come one after the other: a process takes its
 * time to start, and there are two processors.
 */
export function runAhead<Case, Result>(cases: readonly Case[], atOnce: number, run: (each: Case) => Promise<Result>) {
  const results = new Map<Case, PromiseWithResolvers<Result>>(cases.map((each) => [each, Promise.withResolvers<Result>()]));
  for (const { promise } of results.values()) promise.catch(() => undefined);
  return {
    start(): void {
      const queue = [...results];
      const lane = async (): Promise<void> => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          const [each, { resolve, reject }] = next;
          await run(each).then(resolve, reject);
        }
      };
      for (let count = 0; count < atOnce; count += 1) void lane();
    },
    resultOf(each: Case): Promise<Result> {
      const result = results.get(each);
      if (!result) throw new Error('It is not among the cases.');
      return result.promise;
    },
  };
}
