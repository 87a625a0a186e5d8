/** One of several that carry out cases side by side, one case after the other. */
export interface Lane<Case, Result> {
  run(each: Case): Promise<Result>;
  close(): Promise<void>;
}

/**
 * Runs all cases on some lanes, while the tests that tell their results come one after the other: a process takes its time to
 * start, and there are two processors.
 */
export function runAhead<Case, Result>(cases: readonly Case[], lanes: number, open: () => Lane<Case, Result>) {
  const results = new Map<Case, PromiseWithResolvers<Result>>(cases.map((each) => [each, Promise.withResolvers<Result>()]));
  for (const { promise } of results.values()) promise.catch(() => undefined);

  async function work(queue: [Case, PromiseWithResolvers<Result>][]): Promise<void> {
    const lane = open();
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [each, { resolve, reject }] = next;
      await lane.run(each).then(resolve, reject);
    }
    await lane.close();
  }

  return {
    start(): void {
      const queue = [...results];
      for (let count = 0; count < lanes; count += 1) void work(queue);
    },
    resultOf(each: Case): Promise<Result> {
      const result = results.get(each);
      if (!result) throw new Error('It is not among the cases.');
      return result.promise;
    },
  };
}
