import { bad, type CheckContext, type Finding, good, tell } from 'handover/contract';
import { createClient, isRow, textOf, type Client, type Row } from './client.ts';
import { findCourse } from './course.ts';
import { isIn } from './enrolment.ts';
import { isSafeAddress, settingsOf, type LearnDashOptions } from './options.ts';

/** Address, password, rights, and each course that products name. Changes nothing. */
export async function checkAccount(context: CheckContext<LearnDashOptions>): Promise<Finding[]> {
  const settings = settingsOf(context.options);
  if (!isSafeAddress(settings)) {
    return [bad('"baseUrl" is not an https address.', 'Give the address of the site; "allowHttp" is for your own network only.')];
  }
  const client = createClient(context);
  let me: Row = {};
  const reached = await tell(async () => {
    me = await client.row({
      what: 'tell about the account',
      writes: false,
      method: 'GET',
      path: '/wp/v2/users/me',
      query: { context: 'edit' },
    });
    return good(`WordPress at ${new URL(settings.baseUrl).host} answers and knows the account of "username".`);
  });
  if (!reached.ok) return [reached];
  const findings = [reached, checkRights(me)];
  const named = context.used.map(({ input, sku }) => ({ id: textOf(input['course']), sku }));
  for (const [id, uses] of Map.groupBy(named, (use) => use.id)) {
    const skus = [...new Set(uses.map(({ sku }) => sku))].join(', ');
    findings.push(await tell(() => checkCourse(client, id, skus)));
  }
  return findings;
}

/** LearnDash asks for the right to manage the site, WordPress for its own. */
function checkRights(me: Row): Finding {
  const held = isRow(me['capabilities']) ? me['capabilities'] : {};
  const missing = ['manage_options', 'list_users', 'create_users'].filter((name) => held[name] !== true);
  if (missing.length === 0) return good('The account may find and make users, and enrol them.');
  return bad(`The account lacks ${missing.join(', ')}.`, 'Give it the role Administrator in WordPress.');
}

async function checkCourse(client: Client, id: string, skus: string): Promise<Finding> {
  if (id.includes('{{')) return good(`${skus}: course "${id}" depends on the order and is looked up then.`);
  const course = await findCourse(client, id);
  if (!course) {
    return bad(
      `There is no course with the number "${id}", which ${skus} names.`,
      'Correct "with.course" in the product file: the number stands in the address of the page where the course is edited.',
    );
  }
  if (course.accessMode === 'open') {
    return bad(
      `Everybody is in course ${id} of ${skus}: its access mode is "Open".`,
      'Set the access mode to "Closed" in LearnDash.',
    );
  }
  if (course.status !== '' && course.status !== 'publish') {
    return bad(`Course ${id} of ${skus} is not published (${course.status}).`, 'Publish it in WordPress.');
  }
  await isIn(client, { userId: 1, courseId: course.id });
  return good(`${skus}: course ${id} is there: ${course.name}.`);
}
