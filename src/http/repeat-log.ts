import type { Logger } from '../contract/log.ts';

/** Tells what happened, by code. */
export type RepeatLog = (fields: { readonly code: string; readonly [field: string]: unknown }, message: string) => void;

/** Tells the log of troubles that may come a thousand times a second: each code at once, then once a second with how often. */
export function createRepeatLog(log: Logger, everyMs = 1000): RepeatLog {
  const counts = new Map<string, number>();
  return (fields, message) => {
    const { code } = fields;
    const repeated = counts.get(code);
    if (repeated !== undefined) {
      counts.set(code, repeated + 1);
      return;
    }
    log.error(fields, message);
    counts.set(code, 0);
    setTimeout(() => {
      const times = counts.get(code) ?? 0;
      counts.delete(code);
      if (times > 0) log.error({ ...fields, times }, message);
    }, everyMs).unref();
  };
}
