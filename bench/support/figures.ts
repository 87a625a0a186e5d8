/** The value below which `share` of the numbers lie; 0 where there are none. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0;
}

export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

/** As many digits as a measurement on a shared machine is worth. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
