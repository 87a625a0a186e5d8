import type { AlarmsConfig } from '../config/types.ts';
import type { Logger } from '../contract/log.ts';
import type { PlannedStep } from '../contract/plan.ts';
import type { Alarm, Store } from '../storage/store.ts';
import { causesOf, type Cause } from './alarm-causes.ts';
import { clockOffsetSeconds } from './clock-offset.ts';
import { watchRefusedOnTime } from './refused-on-time.ts';

/** One mail about an alarm. */
export interface AlarmNotice {
  /** Told once per key, by whichever process comes first. */
  readonly key: string;
  readonly about: Readonly<Record<string, unknown>>;
}

export interface AlarmParts {
  readonly store: Pick<Store, 'status' | 'refusedSamples' | 'alarms' | 'raiseAlarm' | 'calmAlarm'>;
  settings(): AlarmsConfig;
  /** The step that mails it to the owner. */
  notice(notice: AlarmNotice): PlannedStep;
  /** There is a mail to send. */
  wake(): void;
  readonly now: () => Date;
  readonly log: Logger;
  /** @default 60000 */
  readonly everyMs?: number;
  /** How long the cause of an alarm must be gone until it is called over. @default 600000 */
  readonly calmMs?: number;
}

/** Tells the owner what no single order tells: something hangs, somebody is silent, a clock is wrong. */
export interface Alarms {
  start(): void;
  /** Looks now. */
  look(): Promise<void>;
  close(): void;
}

const dayMs = 24 * 60 * 60 * 1000;
const samplesLookedAt = 20;

export function createAlarms(parts: AlarmParts): Alarms {
  const { store, log, everyMs = 60_000, calmMs = 600_000 } = parts;
  const hoursOf = watchRefusedOnTime();
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const now = parts.now().getTime();
    const [status, standing] = await Promise.all([store.status(), store.alarms()]);
    const causes = causesOf(parts.settings(), status, hoursOf(status, now), now);
    let told = 0;
    for (const cause of causes.filter(({ stands }) => stands)) if (await raise(cause)) told += 1;
    for (const { name } of standing) {
      const cause = causes.find((each) => each.name === name);
      if (cause ? cause.stands === false : !mayCome(name)) if (await calm(name, cause)) told += 1;
    }
    if (told > 0) parts.wake();
  }

  /** A clock alarm of before a restart: nothing was seen yet that says more. */
  function mayCome(name: string): boolean {
    return name.startsWith('clock/') && parts.settings().clock;
  }

  async function raise({ name, about }: Cause): Promise<boolean> {
    const offset = name.startsWith('clock/') ? await offsetOf(String(about['gateway'])) : {};
    const isTold = await store.raiseAlarm(name, dayMs, (alarm) =>
      parts.notice(noticeOf(alarm, alarm.times === 1 ? 'begun' : 'lasting', { ...about, ...offset })),
    );
    if (isTold) log.warn({ alarm: name }, 'An alarm stands; the owner is told.');
    return isTold;
  }

  async function calm(name: string, cause: Cause | undefined): Promise<boolean> {
    const over = cause && ((alarm: Alarm) => parts.notice(noticeOf(alarm, 'over', cause.about)));
    const isOver = await store.calmAlarm(name, calmMs, over);
    if (isOver) log.info({ alarm: name }, over ? 'An alarm is over; the owner is told.' : 'An alarm is no longer looked for.');
    return isOver;
  }

  async function offsetOf(gateway: string): Promise<{ readonly offsetSeconds?: number }> {
    const samples = await store.refusedSamples(gateway, samplesLookedAt);
    const offsetSeconds = clockOffsetSeconds(samples.filter(({ code }) => code === 'SIGNATURE_STALE'));
    return offsetSeconds === undefined ? {} : { offsetSeconds };
  }

  return {
    look,
    start() {
      timer ??= setInterval(() => void look().catch(() => log.warn({}, 'Alarms could not be looked at.')), everyMs).unref();
    },
    close: () => clearInterval(timer),
  };
}

function noticeOf({ name, since, times }: Alarm, stage: 'begun' | 'lasting' | 'over', about: Cause['about']): AlarmNotice {
  const [alarm = ''] = name.split('/');
  return { key: `alarm/${name}/${since}/${stage === 'over' ? 'over' : times}`, about: { alarm, stage, since, ...about } };
}
