import type { CheckContext } from 'handover/contract';
import { isRow, textOf } from './client.ts';
import { settingsOf, type MoodleOptions } from './options.ts';

/** A course or cohort that products name. */
export interface CheckTarget {
  readonly name: string;
  /** All that name it. */
  readonly skus: string;
  /** Groups of the course that products name. */
  readonly groups: readonly string[];
  readonly isEnrolledIn: boolean;
  readonly roleIds: readonly number[];
}

/** Each course or cohort once. */
export function targetsOf({ used, options }: CheckContext<MoodleOptions>, kind: 'course' | 'cohort'): CheckTarget[] {
  const named = used.map((use) => ({ ...use, name: textOf(use.input[kind]) })).filter(({ name }) => name !== '');
  return [...Map.groupBy(named, ({ name }) => name)].map(([name, uses]) => {
    const enrolments = uses.filter(({ action }) => action === 'enrol');
    const { roleId } = settingsOf(options);
    const roles = enrolments.map(({ input }) => (typeof input['roleId'] === 'number' ? input['roleId'] : roleId));
    return {
      name,
      skus: [...new Set(uses.map(({ sku }) => sku))].join(', '),
      groups: [...new Set(uses.map(({ input }) => textOf(input['group'])))].filter((group) => group !== ''),
      isEnrolledIn: enrolments.length > 0,
      roleIds: [...new Set(roles)],
    };
  });
}

/** The names in a list of functions. */
export function namesIn(functions: unknown): string[] {
  const rows: unknown[] = Array.isArray(functions) ? functions : [];
  return rows.filter(isRow).map(({ name }) => textOf(name));
}
