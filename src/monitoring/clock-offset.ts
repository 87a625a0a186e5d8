import type { RefusedSample } from '../storage/store.ts';

const signing = /signature|timestamp|stamp/i;
/** Unix seconds or milliseconds of this century, standing alone: `t=1700000000,v1=…`, `1700000000`, `ts=1700000000123;h1=…`. */
const stamp = /(?<![0-9A-Za-z])(1[0-9]{9}|1[0-9]{12})(?![0-9A-Za-z])/;

/**
 * By how many seconds this server's clock seems to be ahead of the senders' (negative: behind), from the time stamps in the
 * signature headers of what was refused as stale: the middle one of them. Undefined when none carries a readable one.
 */
export function clockOffsetSeconds(samples: readonly RefusedSample[]): number | undefined {
  const offsets = samples
    .flatMap(({ headers, receivedAt }) => {
      const sentAt = sentAtOf(headers);
      return sentAt === undefined ? [] : [Math.round((receivedAt - sentAt) / 1000)];
    })
    .sort((a, b) => a - b);
  return offsets[Math.floor(offsets.length / 2)];
}

function sentAtOf(headers: RefusedSample['headers']): number | undefined {
  for (const [name, value] of Object.entries(headers)) {
    const digits = signing.test(name) ? stamp.exec(String(value ?? ''))?.[1] : undefined;
    if (digits !== undefined) return Number(digits) * (digits.length === 10 ? 1000 : 1);
  }
  return undefined;
}
