const most = 4096;

/** Values for a histogram, noted now and handed on later. */
export interface Deferred {
  note(value: number): void;
  flush(): void;
}

/**
 * Notes values in a few nanoseconds, since a gateway waits meanwhile; `observe` takes them when Prometheus asks, or when many
 * have come.
 */
export function createDeferred(observe: (value: number) => void): Deferred {
  const values = new Float64Array(most);
  let count = 0;

  function flush(): void {
    for (let index = 0; index < count; index++) observe(values[index] ?? 0);
    count = 0;
  }

  return {
    note(value) {
      if (count === most) flush();
      values[count++] = value;
    },
    flush,
  };
}

/** One for each name; names are few. */
export function createDeferredByName(observe: (name: string, value: number) => void): {
  note(name: string, value: number): void;
  flush(): void;
} {
  const byName = new Map<string, Deferred>();
  const add = (name: string): Deferred => {
    const made = createDeferred((value) => observe(name, value));
    byName.set(name, made);
    return made;
  };
  return {
    note: (name, value) => (byName.get(name) ?? add(name)).note(value),
    flush: () => byName.forEach((each) => each.flush()),
  };
}
