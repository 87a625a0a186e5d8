import { record, type Check } from './checks.ts';
import type { Params } from './parameters.ts';
import type { Moodle } from './state.ts';

/** One web service function. It gives the value of the answer; `null` stands for a function that returns nothing. */
export type WsFunction = (moodle: Moodle, parameters: Params) => unknown;

type Shape = Readonly<Record<string, Check<unknown>>>;

/** A function whose parameters are checked before it runs; unknown ones are refused. */
export function defineFunction<S extends Shape>(
  shape: S,
  run: (moodle: Moodle, sent: { readonly [K in keyof S]: ReturnType<S[K]> }) => unknown,
): WsFunction {
  const check = record(shape);
  return (moodle, parameters) => run(moodle, check(parameters));
}
