/**
 * Lets so many works run at once; some more wait for their turn, and beyond that `noPlace` is thrown. For calls that others can
 * cause without any proof.
 */
export type Turns = <T>(work: () => Promise<T>, noPlace: () => Error) => Promise<T>;

export function createTurns(atOnce: number, mostWaiting: number): Turns {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work, noPlace) => {
    if (running >= atOnce && waiting.length >= mostWaiting) throw noPlace();
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
