import { makeTables } from '../baseline/tables.ts';
import { startChild, type Child } from './child.ts';
import type { Engine, Places } from './places.ts';

/** A shop of one kind: what is compared. */
export interface ShopKind {
  readonly name: string;
  readonly engine: Engine;
  readonly isBaseline: boolean;
}

/** Some processes over one store. */
export interface RunningShop {
  readonly path: string;
  /** Those that take callbacks. */
  readonly ports: readonly number[];
  cpuSeconds(): Promise<number>;
  stop(): Promise<void>;
}

export const baseline: ShopKind = { name: 'by hand, postgres', engine: 'postgres', isBaseline: true };

export function handoverOn(engine: Engine): ShopKind {
  return { name: `handover, ${engine}`, engine, isBaseline: false };
}

/** Every process takes callbacks and works; `apart`: one takes callbacks only, another one works only. */
export async function openShop(
  { engine, isBaseline }: ShopKind,
  processes: number | 'apart',
  outside: Child,
  places: Places,
): Promise<RunningShop> {
  const place = await places.fresh(engine);
  if (isBaseline) await makeTables(place);
  const env = { BENCH_STORE: place, BENCH_PORTS: JSON.stringify(outside.told) };
  const file = isBaseline ? '../baseline/process.ts' : './site-process.ts';
  const roles = processes === 'apart' ? ['no', 'yes'] : Array.from({ length: processes }, () => 'yes');
  const children: Child[] = [];
  for (const role of roles) children.push(await startChild(file, { ...env, BENCH_WORKER: role }));
  const taking = processes === 'apart' ? children.slice(0, 1) : children;
  return {
    path: isBaseline ? '/webhooks/stripe' : '/shop/callbacks/stripe',
    ports: taking.map(({ told }) => told['port'] ?? 0),
    async cpuSeconds() {
      const used = await Promise.all(children.map((child) => child.cpuSeconds()));
      return used.reduce((sum, each) => sum + each, 0);
    },
    async stop() {
      await Promise.all(children.map((child) => child.stop()));
    },
  };
}
