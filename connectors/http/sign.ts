import type { HttpResponse } from 'handover/contract';
import { fillText } from './fill.ts';
import type { Values } from './names.ts';
import type { AnswerSign, Wanted } from './options.ts';
import { at } from './pointer.ts';

/** Whether an answer looks like this. `usual`: the statuses that do where the sign names none; undefined: any. */
export function fits(
  answer: HttpResponse,
  sign: number | AnswerSign,
  values: Values,
  usual?: (status: number) => boolean,
): boolean {
  if (typeof sign === 'number') return answer.status === sign;
  const { status, json = {}, contains = [], lacks = [], location } = sign;
  const hasStatus = status
    ? status.includes(answer.status)
    : location !== undefined
      ? isRedirect(answer)
      : (usual?.(answer.status) ?? true);
  if (!hasStatus) return false;
  if (location !== undefined && !new RegExp(location, 'u').test(answer.headers['location'] ?? '')) return false;
  const has = (text: string): boolean => text !== '' && answer.text.includes(text);
  if (!contains.every((text) => has(fillText(text, values))) || lacks.some((text) => has(fillText(text, values)))) return false;
  const wanted = Object.entries(json);
  if (wanted.length === 0) return true;
  const body = answer.json();
  return body !== undefined && wanted.every(([pointer, value]) => isWanted(at(body, pointer), value, values));
}

export function fitsAny(answer: HttpResponse, signs: readonly (number | AnswerSign)[] | undefined, values: Values): boolean {
  return signs?.some((sign) => fits(answer, sign, values)) ?? false;
}

export function isRedirect({ status }: HttpResponse): boolean {
  return status >= 300 && status < 400;
}

function isWanted(found: unknown, wanted: Wanted, values: Values): boolean {
  if (wanted === null) return found === null;
  if (Array.isArray(wanted)) return (wanted as readonly Wanted[]).some((each) => isWanted(found, each, values));
  if (typeof wanted === 'object') {
    const { exists, empty } = wanted as { readonly exists?: boolean; readonly empty?: boolean };
    return (exists === undefined || exists === (found !== undefined)) && (empty === undefined || empty === isEmpty(found));
  }
  if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') return false;
  return String(found) === (typeof wanted === 'string' ? fillText(wanted, values) : String(wanted));
}

function isEmpty(found: unknown): boolean {
  if (found === undefined || found === null || found === '' || found === false) return true;
  return typeof found === 'object' && Object.keys(found).length === 0;
}
