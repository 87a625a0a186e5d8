import type { Logger } from '../contract/log.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof levels)[number];

/** One JSON line per entry on standard error, shaped like pino's, for sites that hand in no logger of their own. */
export function createConsoleLog(
  lowest: LogLevel = 'info',
  write: (line: string) => void = (line) => process.stderr.write(line),
): Logger {
  const at = (level: LogLevel) => (fields: object, message: string) => {
    if (levels.indexOf(level) < levels.indexOf(lowest)) return;
    write(`${JSON.stringify({ level, time: new Date().toISOString(), name: 'handover', ...fields, msg: message })}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export const silentLog: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  // A log that is not wanted.
}
