import { bad, type CheckContext, type Finding, good, tell, textOf } from 'handover/contract';
import { createClient, type Client } from './client.ts';
import { findCourse } from './course.ts';
import { isSafeAddress, settingsOf, type OpenEdxOptions } from './options.ts';

/** Address, client, the rights of staff, and each course and mode that products name. Changes nothing. */
export async function checkAccount(context: CheckContext<OpenEdxOptions>): Promise<Finding[]> {
  const { baseUrl, mode: usual } = settingsOf(context.options);
  if (!isSafeAddress(baseUrl)) return [bad('"baseUrl" is not an https address.', 'Give the address of the LMS.')];
  const client = createClient(context);
  const named = context.used.map(({ input, sku }) => {
    return { sku, course: textOf(input['course']), mode: textOf(input['mode']) || usual };
  });
  const reached = await tell(() => checkStaff(client));
  if (!reached.ok) return [reached];
  const findings = [reached];
  for (const [, uses] of Map.groupBy(named, ({ course, mode }) => `${mode} ${course}`)) {
    const skus = [...new Set(uses.map(({ sku }) => sku))].join(', ');
    for (const { course, mode } of uses.slice(0, 1)) findings.push(await tell(() => checkCourse(client, course, mode, skus)));
  }
  return findings;
}

/** Only staff may list the enrolments of others. */
function checkStaff(client: Client): Promise<Finding> {
  const path = '/api/enrollment/v1/enrollments';
  return client
    .row({ method: 'GET', path, query: { username: 'nobody' }, what: 'list enrolments', writes: false })
    .then(() => good(`Open edX at ${new URL(client.settings.baseUrl).host} answers, takes the client and treats it as staff.`));
}

async function checkCourse(client: Client, id: string, mode: string, skus: string): Promise<Finding> {
  if (`${id}${mode}`.includes('{{')) return good(`${skus}: course "${id}" depends on the order and is looked up then.`);
  const course = await findCourse(client, id);
  if (!course) return bad(`There is no course run "${id}", which ${skus} names.`, 'Correct "with.course" in the product file.');
  if (course.modes.length > 0 && !course.modes.includes(mode)) {
    return bad(`Course ${id} of ${skus} does not offer the mode "${mode}".`, `It offers: ${course.modes.join(', ')}.`);
  }
  return good(`${skus}: course ${id} is there: ${course.name}, mode ${mode}.`);
}
