import { bad, type CheckContext, type Finding, good, tell, textOf } from 'handover/contract';
import { createClient, type Client } from './client.ts';
import { findCourse } from './course.ts';
import { isSafeAddress, settingsOf, type TalentLmsOptions } from './options.ts';

/** Address and key, and each course that products name. Changes nothing. */
export async function checkAccount(context: CheckContext<TalentLmsOptions>): Promise<Finding[]> {
  const { baseUrl } = settingsOf(context.options);
  if (!isSafeAddress(baseUrl)) return [bad('"baseUrl" is not an https address.', 'Give the address of the portal.')];
  const client = createClient(context);
  const reached = await tell(async () => {
    const query = { 'page[number]': '1', 'page[size]': '1' };
    await client.rows({ method: 'GET', path: '/users', query, what: 'list users', writes: false });
    return good(`TalentLMS at ${new URL(baseUrl).host} answers and takes the key.`);
  });
  if (!reached.ok) return [reached];
  const named = context.used.map(({ input, sku }) => ({ sku, course: textOf(input['course']) }));
  const findings = [reached];
  for (const [course, uses] of Map.groupBy(named, (each) => each.course)) {
    const skus = [...new Set(uses.map(({ sku }) => sku))].join(', ');
    findings.push(await tell(() => checkCourse(client, course, skus)));
  }
  return findings;
}

async function checkCourse(client: Client, value: string, skus: string): Promise<Finding> {
  if (value.includes('{{')) return good(`${skus}: course "${value}" depends on the order and is looked up then.`);
  const course = await findCourse(client, value);
  if (!course)
    return bad(
      `There is no course with the number "${value}", which ${skus} names.`,
      'Correct "with.course" in the product file.',
    );
  if (course.status !== '' && course.status !== 'active') {
    return bad(`Course ${value} of ${skus} is ${course.status}: learners cannot enter it.`, 'Activate the course in TalentLMS.');
  }
  return good(`${skus}: course ${value} is there: ${course.name}.`);
}
