import type { AlarmsConfig } from '../config/types.ts';
import type { StoreStatus } from '../storage/store.ts';
import type { Hour } from './refused-on-time.ts';

/** One thing that may be wrong. */
export interface Cause {
  /** Names the alarm: `oldest`, `silence/stripe`, `clock/stripe`. */
  readonly name: string;
  /** Undefined: cannot be told just now; an alarm that stands goes on standing. */
  readonly stands: boolean | undefined;
  /** What the mail says of it. */
  readonly about: Readonly<Record<string, unknown>>;
}

const [minuteMs, hourMs] = [60_000, 3_600_000];

/** What the owner wants to hear of, by what the store says now. */
export function causesOf(settings: AlarmsConfig, status: StoreStatus, hours: readonly Hour[], now: number): Cause[] {
  return [
    ...oldest(settings, status),
    ...Object.entries(settings.silenceHours).flatMap(([gateway, limit]) => silence(gateway, limit, status, now)),
    ...(settings.clock ? hours.map(clock) : []),
  ];
}

function oldest({ oldestMinutes }: AlarmsConfig, { oldestOpenMs = 0, oldestOpen, callbacks, steps }: StoreStatus): Cause[] {
  if (oldestMinutes === 0) return [];
  const open = callbacks.open + steps.ready + steps.waiting + steps.running;
  const about = { limitMinutes: oldestMinutes, minutes: Math.floor(oldestOpenMs / minuteMs), open, ...oldestOpen };
  return [{ name: 'oldest', stands: oldestOpenMs > oldestMinutes * minuteMs, about }];
}

/** A gateway that was never heard is not silent: it was not set up yet. */
function silence(gateway: string, limitHours: number, { gateways }: StoreStatus, now: number): Cause[] {
  const heardAt = gateways.find((each) => each.gateway === gateway)?.heardAt;
  if (heardAt === undefined) return [];
  const about = { gateway, limitHours, heardAt };
  return [{ name: `silence/${gateway}`, stands: now - heardAt > limitHours * hourMs, about }];
}

function clock({ gateway, stale, taken, stands }: Hour): Cause {
  return { name: `clock/${gateway}`, stands, about: { gateway, stale, taken } };
}
