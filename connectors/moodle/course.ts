import { giveUp, type OrderLine } from 'handover/contract';
import { idOf, textOf, type Client } from './client.ts';
import type { Settings } from './options.ts';

export interface Course {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  /** Undefined where the token's account is not told. */
  readonly isVisible: boolean | undefined;
  /** Enrolment methods that are enabled; undefined where not told. */
  readonly methods: readonly string[] | undefined;
}

const fields = { idnumber: 'id number', shortname: 'short name', id: 'number' } as const;

/** The course a product names. The answer holds no id number without `moodle/course:update`, but the look-up is exact. */
export async function findCourse(client: Client, value: string): Promise<Course | undefined> {
  const { courseBy } = client.settings;
  const courses = await client.rowsIn('core_course_get_courses_by_field', 'courses', {
    what: `find the course with the ${fields[courseBy]} "${value}"`,
    writes: false,
    parameters: { field: courseBy, value },
  });
  const rows = courses.filter((row) => idOf(row) > 0);
  if (rows.length > 1) {
    throw giveUp('MOODLE_COURSE_AMBIGUOUS', `Moodle has several courses with the ${fields[courseBy]} "${value}".`, {
      hint: 'Give the one that is meant an id number of its own, or set "courseBy": "id".',
    });
  }
  const [row] = rows;
  if (!row) return undefined;
  const { visible, enrollmentmethods: methods } = row;
  return {
    id: idOf(row),
    name: textOf(row['fullname']) || textOf(row['displayname']),
    url: courseUrl(client.settings, idOf(row)),
    isVisible: typeof visible === 'number' || typeof visible === 'boolean' ? Boolean(visible) : undefined,
    methods: Array.isArray(methods) ? methods.map(textOf) : undefined,
  };
}

export async function courseFor(client: Client, value: string, line: Pick<OrderLine, 'sku'>): Promise<Course> {
  const found = value.trim() === '' ? undefined : await findCourse(client, value);
  if (found) return found;
  throw courseUnknown(client.settings, value, line);
}

export function courseUnknown({ courseBy }: Settings, value: string, { sku = '?' }: Pick<OrderLine, 'sku'>): Error {
  return giveUp(
    'MOODLE_COURSE_UNKNOWN',
    `Moodle has no course with the ${fields[courseBy]} "${value}", which SKU ${sku} names.`,
    {
      hint: 'Correct "with.course" in the product file, or the course in Moodle; then retry the step. A hidden course needs moodle/course:viewhiddencourses.',
    },
  );
}

export function courseUrl({ siteUrl }: Settings, id: number): string {
  return `${siteUrl}/course/view.php?id=${id}`;
}
