import { giveUp, type OrderLine, textOf } from 'handover/contract';
import type { Client } from './client.ts';
import { hasCode } from './problems.ts';
import { idOf } from './rows.ts';

export interface Course {
  readonly id: string;
  readonly name: string;
  /** What Canvas calls its state: `unpublished`, `available`, `completed`. */
  readonly state: string;
  readonly url: string;
}

export async function courseFor(client: Client, value: string | number, { sku = '?' }: Pick<OrderLine, 'sku'>): Promise<Course> {
  const found = await findCourse(client, String(value).trim());
  if (found) return found;
  const field = client.settings.courseBy === 'sis' ? 'SIS ID' : 'number';
  throw giveUp('CANVAS_COURSE_UNKNOWN', `Canvas has no course with the ${field} "${value}", which SKU ${sku} names.`, {
    hint: 'Correct "with.course" in the product file, or let the token see the course; then retry the step.',
  });
}

export async function findCourse(client: Client, value: string): Promise<Course | undefined> {
  const isSis = client.settings.courseBy === 'sis';
  if (value === '' || (!isSis && !/^\d+$/.test(value))) return undefined;
  const path = `/courses/${isSis ? `sis_course_id:${encodeURIComponent(value)}` : value}`;
  try {
    const row = await client.row({ method: 'GET', path, what: `look up course "${value}"`, writes: false });
    const id = idOf(row);
    const url = `${client.settings.siteUrl}/courses/${id}`;
    return id === '' ? undefined : { id, name: textOf(row['name']), state: textOf(row['workflow_state']), url };
  } catch (error) {
    if (hasCode(error, 'CANVAS_NOT_FOUND')) return undefined;
    throw error;
  }
}
