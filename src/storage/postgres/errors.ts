import { HandoverError } from '../../contract/errors.ts';

/**
 * What to do about a failed statement. `repeat`: the transaction is undone and may be run again. `reconnect`: the same, on
 * another connection, this one is of no use any more. `discard`: the connection is of no use and another one would not be
 * either. `none`: nothing helps, the connection is in order.
 */
export type Remedy = 'repeat' | 'reconnect' | 'discard' | 'none';

/** What PostgreSQL reported, in our terms. */
export class StatementError extends HandoverError {
  readonly remedy: Remedy;

  constructor(remedy: Remedy, code: string, message: string, details: { where: string; hint: string; cause: unknown }) {
    super(code, message, details);
    this.remedy = remedy;
  }
}

/** By SQLSTATE or its class: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const unavailable: readonly (readonly [state: string, remedy: Remedy, why: string])[] = [
  ['08', 'reconnect', 'the connection broke'],
  ['25006', 'reconnect', 'it only reads: it is a standby, or was switched to read-only'],
  ['25P03', 'reconnect', 'this process stood still in the middle of a change'],
  ['25P04', 'reconnect', 'a change took too long'],
  ['28', 'discard', 'it does not accept the user or the password'],
  ['3D000', 'discard', 'it has no database of that name'],
  ['42501', 'none', 'the user may not do what the store needs'],
  ['53100', 'discard', 'its disk is full'],
  ['53300', 'discard', 'it has no connection left'],
  ['53', 'discard', 'it is out of memory or another resource'],
  ['57P03', 'discard', 'it is starting up or stopping'],
  ['57P', 'reconnect', 'it was stopped, or an administrator closed the connection'],
  ['58', 'discard', 'its system or its disk refused to read or write'],
];
const repeatable = new Set(['40001', '40P01']);
const tooLong = new Set(['55P03', '57014']);
const damage = new Set(['XX001', 'XX002']);

/** Says in our terms what a statement or an attempt to connect failed with. */
export function statementError(error: unknown, where: string): StatementError {
  if (error instanceof StatementError) return error;
  const state = sqlState(error);
  const message = error instanceof Error ? error.message : String(error);
  if (state === undefined) return withoutState(message, where, error);
  if (repeatable.has(state)) return busy(where, 'Another change was in the way each time.', error, 'repeat');
  if (tooLong.has(state)) return busy(where, 'A statement waited or ran for too long.', error);
  if (damage.has(state)) return damaged(where, message, error);
  const known = unavailable.find(([begin]) => state.startsWith(begin));
  if (known) return noUse(where, known[2], error, known[1]);
  // A message of class 22 quotes the value it is about.
  const told = state.startsWith('22') ? `error ${state}` : `${message} (${state})`;
  return refused(told, where, error);
}

/** As `statementError`, for an attempt to connect: another one at once would go the same way. */
export function connectError(error: unknown, where: string): StatementError {
  const { remedy, code, message, hint = '' } = statementError(error, where);
  return new StatementError(remedy === 'reconnect' ? 'discard' : remedy, code, message, { where, hint, cause: error });
}

export function refused(why: string, where: string, cause?: unknown): StatementError {
  return new StatementError('none', 'STORE_FAILED', `PostgreSQL refused a statement: ${why}.`, {
    where,
    hint: 'This is an error in Handover. Nothing of this change was kept; please report it with the cause.',
    cause,
  });
}

/** Errors of the network and of `pg` itself. */
function withoutState(message: string, where: string, cause: unknown): StatementError {
  if (message === 'timeout exceeded when trying to connect') return busy(where, 'All its connections are in use.', cause);
  if (message === 'Query read timeout') return noUse(where, 'it did not answer in time', cause, 'discard');
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return noUse(where, `it cannot be reached${code}`, cause, 'reconnect');
}

function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function noUse(where: string, why: string, cause: unknown, remedy: Remedy): StatementError {
  return new StatementError(remedy, 'STORE_UNAVAILABLE', `PostgreSQL cannot be used: ${why}.`, {
    where,
    hint: 'Look at the server, at its log, and at the address in "store". Nothing of this change was kept.',
    cause,
  });
}

/** The connection broke while a commit was under way. */
export function outcomeUnknown(where: string, cause: unknown): StatementError {
  const message =
    'PostgreSQL cannot be used: the connection broke during a commit, so nobody knows whether this change was kept.';
  const hint = 'Look at the server and its log. What was asked for is safe to ask for again.';
  return new StatementError('discard', 'STORE_UNAVAILABLE', message, { where, hint, cause });
}

export function busy(where: string, message: string, cause?: unknown, remedy: Remedy = 'none'): StatementError {
  return new StatementError(remedy, 'STORE_BUSY', `The store is busy. ${message}`, {
    where,
    hint: 'Try again in a few seconds. If it stays so, the server is too slow for the load, or a process hangs while it writes.',
    cause,
  });
}

function damaged(where: string, message: string, cause: unknown): StatementError {
  return new StatementError('discard', 'STORE_DAMAGED', `PostgreSQL found damaged data: ${message}.`, {
    where,
    hint: 'Stop every process that uses it and restore the newest backup, or ask whoever runs the server.',
    cause,
  });
}

export function closed(where: string): HandoverError {
  return new HandoverError('STORE_CLOSED', 'The store is not open.', {
    where,
    hint: 'Wait for open(), and use nothing after close().',
  });
}
