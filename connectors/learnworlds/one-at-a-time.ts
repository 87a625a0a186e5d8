const tails = new Map<string, Promise<unknown>>();

/** Runs what has the same name one after the other, within this process. A failure does not stop the next. */
export function oneAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  const mine = (tails.get(name) ?? Promise.resolve()).then(work);
  const tail = mine.then(forget, forget);
  function forget(): void {
    if (tails.get(name) === tail) tails.delete(name);
  }
  tails.set(name, tail);
  return mine;
}
