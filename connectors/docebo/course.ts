import { giveUp, type OrderLine, textOf } from 'handover/contract';
import type { Client } from './client.ts';

/** The course's name, undefined where there is no such course. */
export async function findCourse(client: Client, id: string): Promise<string | undefined> {
  if (!/^[1-9]\d{0,15}$/.test(id)) return undefined;
  const data = await client.dataIfThere({
    what: `find course ${id}`,
    writes: false,
    method: 'GET',
    path: `/learn/v1/courses/${id}`,
  });
  return data && textOf(data['name']);
}

export async function courseNameFor(client: Client, id: string, { sku = '?' }: Pick<OrderLine, 'sku'>): Promise<string> {
  const found = await findCourse(client, id);
  if (found !== undefined) return found;
  throw giveUp('DOCEBO_COURSE_UNKNOWN', `Docebo has no course with the number "${id}", which SKU ${sku} names.`, {
    hint: 'Correct "with.course" in the product file: the number stands in the address of the course. Then retry the step.',
  });
}
