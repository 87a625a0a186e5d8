import { HandoverError } from '../contract/errors.ts';
import type { Terminal } from './terminal.ts';

/** `CODE  message`, then where and what to do, indented. Never a stack trace, unless HANDOVER_DEBUG=1 asks for it. */
export function printError(error: unknown, terminal: Pick<Terminal, 'note'>): void {
  terminal.note(describeError(error));
  if (process.env['HANDOVER_DEBUG'] === '1') terminal.note(traceOf(error));
}

export function describeError(error: unknown): string {
  if (!(error instanceof HandoverError)) {
    const message = error instanceof Error ? error.message : String(error);
    return block('UNEXPECTED_ERROR', message, ['Run it again with HANDOVER_DEBUG=1 to see where, and report it.']);
  }
  const { code, message, where, hint } = error;
  return block(code, message, [...(where === undefined ? [] : [`Where: ${where}`]), ...(hint === undefined ? [] : [hint])]);
}

/** A message of several lines has a layout of its own and keeps it. */
function block(code: string, message: string, more: readonly string[]): string {
  const [first = '', ...rest] = message.split('\n');
  const indent = rest.length > 0 ? '  ' : ' '.repeat(code.length + 2);
  return [`${code}  ${first}`, ...rest, ...more.map((line) => `${indent}${line}`)].join('\n');
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const trace = error.stack ?? error.message;
  return error.cause === undefined ? trace : `${trace}\nCaused by: ${traceOf(error.cause)}`;
}
