import { giveUp, idOf, type OrderLine, type Row, textOf } from 'handover/contract';
import type { Client } from './client.ts';
import { hasCode } from './problems.ts';

export interface Course {
  readonly id: number;
  readonly name: string;
  readonly url: string;
}

export async function courseFor(client: Client, value: string | number, { sku = '?' }: Pick<OrderLine, 'sku'>): Promise<Course> {
  const found = await findCourse(client, String(value).trim());
  if (found) return found;
  throw giveUp('THINKIFIC_COURSE_UNKNOWN', `Thinkific has no course with the number "${value}", which SKU ${sku} names.`, {
    hint: 'Correct "with.course" in the product file: it is the number in the address of the course in the administration; then retry the step.',
  });
}

export async function findCourse(client: Client, value: string): Promise<Course | undefined> {
  if (!/^[1-9]\d*$/.test(value)) return undefined;
  try {
    const row = await client.row({ method: 'GET', path: `/courses/${value}`, what: `look up course ${value}`, writes: false });
    if (idOf(row) !== Number(value)) return undefined;
    return { id: idOf(row), name: textOf(row['name']), url: courseUrl(client, row) };
  } catch (error) {
    if (hasCode(error, 'THINKIFIC_NOT_FOUND')) return undefined;
    throw error;
  }
}

function courseUrl({ settings: { courseUrl: pattern, siteUrl } }: Client, row: Row): string {
  const slug = textOf(row['slug']);
  return slug === '' ? siteUrl : pattern.replaceAll('{site}', siteUrl).replaceAll('{slug}', encodeURIComponent(slug));
}
