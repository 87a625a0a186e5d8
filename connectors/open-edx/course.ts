import { giveUp, isRow, type OrderLine, textOf } from 'handover/contract';
import type { Client } from './client.ts';
import { hasCode } from './problems.ts';

export interface Course {
  readonly id: string;
  readonly name: string;
  /** The modes it offers. */
  readonly modes: readonly string[];
  readonly url: string;
}

export async function courseFor(client: Client, value: string, { sku = '?' }: Pick<OrderLine, 'sku'>): Promise<Course> {
  const found = await findCourse(client, value.trim());
  if (found) return found;
  throw giveUp('EDX_COURSE_UNKNOWN', `Open edX has no course run "${value}", which SKU ${sku} names.`, {
    hint: 'Correct "with.course" in the product file, such as "course-v1:Org+Course+Run"; then retry the step.',
  });
}

/** A course that is not there is a 400. */
export async function findCourse(client: Client, id: string): Promise<Course | undefined> {
  if (id === '') return undefined;
  const { courseUrl, siteUrl } = client.settings;
  try {
    const path = `/api/enrollment/v1/course/${encodeURIComponent(id)}`;
    const row = await client.row({
      method: 'GET',
      path,
      query: { include_expired: '1' },
      what: `look up course ${id}`,
      writes: false,
    });
    const modes: unknown[] = Array.isArray(row['course_modes']) ? row['course_modes'] : [];
    return {
      id,
      name: textOf(row['course_name']) || id,
      modes: modes.filter(isRow).map(({ slug }) => textOf(slug)),
      url: courseUrl.replaceAll('{site}', siteUrl).replaceAll('{course}', id),
    };
  } catch (error) {
    if (hasCode(error, 'EDX_NOT_FOUND', 'EDX_REFUSED')) return undefined;
    throw error;
  }
}
