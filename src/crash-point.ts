/** The places at which a process can be made to die, about in the order in which a payment passes them. */
export const crashPoints = [
  'in a migration',
  'body half read',
  'before a commit',
  'after a commit',
  'callback kept',
  'callback claimed',
  'callback read',
  'plan recorded',
  'step claimed',
  'before a request',
  'before a writing request',
  'after a request',
  'after a writing request',
  'key taken',
  'in smtp data',
  'after smtp 250',
  'outcome known',
  'outcome recorded',
  'while closing',
] as const;

/** Places that no payment passes: copying, restoring and moving a store. */
export const upkeepPoints = ['copy made', 'store set aside', 'in a move', 'before a move ends'] as const;

export type CrashPoint = (typeof crashPoints)[number] | (typeof upkeepPoints)[number];

let wanted: string | undefined;
let left = 0;

armCrashPoint(process.env['HANDOVER_CRASH_AT']);

/**
 * Kills this process, as a power cut or the kernel would, if it was started with `HANDOVER_CRASH_AT=<name>` or
 * `<name>:<nth time>`: for tests of what is left then. Otherwise it does nothing and costs one comparison.
 */
export function crashPoint(name: CrashPoint): void {
  if (wanted !== undefined && name === wanted && --left === 0) process.kill(process.pid, 'SIGKILL');
}

/** From now on, instead of from the start. Undefined or empty: live on. */
export function armCrashPoint(at: string | undefined): void {
  const [name = '', nth = '1'] = (at ?? '').split(':');
  wanted = name === '' ? undefined : name;
  left = Number(nth);
}
