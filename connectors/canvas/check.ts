import { bad, type CheckContext, type Finding, good, tell, textOf } from 'handover/contract';
import { createClient, type Client } from './client.ts';
import { findCourse } from './course.ts';
import { isSafeAddress, settingsOf, type CanvasOptions } from './options.ts';

/** Address, token, the rights to find, make and enrol users, and each course that products name. Changes nothing. */
export async function checkAccount(context: CheckContext<CanvasOptions>): Promise<Finding[]> {
  const { baseUrl, accountId } = settingsOf(context.options);
  if (!isSafeAddress(baseUrl)) return [bad('"baseUrl" is not an https address.', 'Give the address of Canvas.')];
  const client = createClient(context);
  const reached = await tell(async () => {
    const query = [['search_term', 'nobody@example.invalid']] as const;
    await client.rows({ method: 'GET', path: `/accounts/${accountId}/users`, query, what: 'look for users', writes: false });
    return good(`Canvas at ${new URL(baseUrl).host} answers, takes the token and lets us find users.`);
  });
  if (!reached.ok) return [reached];
  const findings = [reached, await checkRight(client, `/accounts/${accountId}`, ['manage_user_logins'], 'make users')];
  const named = context.used.map(({ input, sku }) => ({ sku, course: textOf(input['course']) }));
  for (const [course, uses] of Map.groupBy(named, (each) => each.course)) {
    const skus = [...new Set(uses.map(({ sku }) => sku))].join(', ');
    findings.push(...(await checkCourse(client, course, skus)));
  }
  return findings;
}

async function checkCourse(client: Client, value: string, skus: string): Promise<Finding[]> {
  if (value.includes('{{')) return [good(`${skus}: course "${value}" depends on the order and is looked up then.`)];
  let id = '';
  const found = await tell(async () => {
    const course = await findCourse(client, value);
    if (!course) return bad(`There is no course "${value}", which ${skus} names.`, 'Correct "with.course" in the product file.');
    if (course.state === 'unpublished' || course.state === 'completed') {
      return bad(
        `Course "${value}" of ${skus} is ${course.state}: learners cannot enter it.`,
        'Publish the course, or take its end away.',
      );
    }
    id = course.id;
    return good(`${skus}: course "${value}" is there: ${course.name}.`);
  });
  if (id === '') return [found];
  return [
    found,
    await checkRight(client, `/courses/${id}`, ['manage_students', 'add_student_to_course'], `enrol in course ${id}`),
  ];
}

/** Canvas tells of each right by its name; names differ between releases, so one that is granted is enough. */
function checkRight(client: Client, path: string, names: readonly string[], what: string): Promise<Finding> {
  return tell(async () => {
    const query = names.map((name) => ['permissions[]', name] as const);
    const told = await client.row({
      method: 'GET',
      path: `${path}/permissions`,
      query,
      what: `tell whether we may ${what}`,
      writes: false,
    });
    if (names.some((name) => told[name] === true)) return good(`The token may ${what}.`);
    return bad(`The token may not ${what}.`, `Give its user a role with one of these permissions: ${names.join(', ')}.`);
  });
}
