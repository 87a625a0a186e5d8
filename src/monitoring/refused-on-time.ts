import type { StoreStatus } from '../storage/store.ts';

const windowMs = 60 * 60 * 1000;
/** Fewer than this may be somebody's old request sent again. */
const fewest = 3;

/** What became of a gateway's callbacks within the last hour. */
export interface Hour {
  readonly gateway: string;
  /** Refused for their time stamp alone. */
  readonly stale: number;
  readonly taken: number;
  /** Most of them were refused so. Undefined: too little was seen to say. */
  readonly stands: boolean | undefined;
}

type Counts = Pick<StoreStatus, 'verdicts' | 'gateways'>;

interface Look {
  readonly at: number;
  readonly stale: ReadonlyMap<string, number>;
  readonly taken: ReadonlyMap<string, number>;
}

/** Compares the store's growing counts with those of an hour ago, so that it sees what all processes took and refused. */
export function watchRefusedOnTime(): (counts: Counts, now: number) => Hour[] {
  const looks: Look[] = [];

  return (counts, now) => {
    const newest = lookAt(counts, now);
    looks.push(newest);
    while ((looks[1]?.at ?? now) <= now - windowMs) looks.shift();
    const oldest = looks[0] ?? newest;
    return [...newest.stale.keys()].map((gateway) => {
      const grown = (of: 'stale' | 'taken'): number => (newest[of].get(gateway) ?? 0) - (oldest[of].get(gateway) ?? 0);
      const [stale, taken] = [grown('stale'), grown('taken')];
      return { gateway, stale, taken, stands: judge(stale, taken, newest.at - oldest.at >= windowMs) };
    });
  };
}

function judge(stale: number, taken: number, isWholeHour: boolean): boolean | undefined {
  if (stale >= fewest && stale > taken) return true;
  return taken > 0 || isWholeHour ? false : undefined;
}

function lookAt({ verdicts, gateways }: Counts, at: number): Look {
  const stale = verdicts.filter(({ code }) => code === 'SIGNATURE_STALE').map(({ gateway, count }) => [gateway, count] as const);
  return { at, stale: new Map(stale), taken: new Map(gateways.map(({ gateway, taken }) => [gateway, taken])) };
}
