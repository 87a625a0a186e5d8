/** Freezes plain data all the way down and gives it back. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inside of Object.values(value)) deepFreeze(inside);
  return Object.freeze(value);
}

/** A map whose content cannot be changed, neither its entries nor by them. */
export function frozenMap<V>(entries: Iterable<readonly [string, V]>): ReadonlyMap<string, V> {
  const map = new Map<string, V>(entries);
  const refuse = (): never => {
    throw new TypeError('The configuration cannot be changed while it is in use.');
  };
  for (const method of ['set', 'delete', 'clear']) Object.defineProperty(map, method, { value: refuse });
  return Object.freeze(map);
}
