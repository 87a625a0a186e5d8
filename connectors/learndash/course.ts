import { giveUp, type OrderLine } from 'handover/contract';
import { idOf, isRow, textOf, type Client } from './client.ts';
import { hasCode } from './problems.ts';

export interface Course {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  /** `publish` for one that learners see; empty where not told. */
  readonly status: string;
  /** LearnDash's access mode; `open` courses take no enrolments. Empty where not told. */
  readonly accessMode: string;
}

/** The course with this number, the one in the address of its edit page. */
export async function findCourse(client: Client, id: string): Promise<Course | undefined> {
  if (!/^[1-9]\d{0,15}$/.test(id)) return undefined;
  const { namespace, coursesRoute } = client.settings;
  try {
    const row = await client.row({
      what: `find course ${id}`,
      writes: false,
      method: 'GET',
      path: `/${namespace}/${coursesRoute}/${id}`,
    });
    const title = isRow(row['title']) ? textOf(row['title']['rendered']) : textOf(row['title']);
    return {
      id: idOf(row),
      name: plain(title),
      url: textOf(row['link']),
      status: textOf(row['status']),
      accessMode: textOf(row['price_type']),
    };
  } catch (error) {
    if (hasCode(error, 'LEARNDASH_NOT_FOUND')) return undefined;
    throw error;
  }
}

export async function courseFor(client: Client, id: string, { sku = '?' }: Pick<OrderLine, 'sku'>): Promise<Course> {
  const found = await findCourse(client, id);
  if (found) return found;
  throw giveUp('LEARNDASH_COURSE_UNKNOWN', `LearnDash has no course with the number "${id}", which SKU ${sku} names.`, {
    hint: 'Correct "with.course" in the product file: the number stands in the address of the page where the course is edited. Then retry the step.',
  });
}

/** WordPress gives titles as HTML. */
function plain(title: string): string {
  return title
    .replace(/<[^>]*>/g, '')
    .replace(/&#0?38;|&amp;/g, '&')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Math.min(Number(code), 0x10ffff)))
    .trim();
}
