import { bad, type CheckContext, type Finding, good, type OptionProblem, tell, textOf } from 'handover/contract';
import { createClient, type Client } from './client.ts';
import { findCourse } from './course.ts';
import { endOf } from './end.ts';
import { isSafeAddress, settingsOf, type DoceboOptions } from './options.ts';

/** What the schema does not say: the grant type `password` takes an account. */
export function problemsOf({ grantType, username = '', password = '' }: DoceboOptions): OptionProblem[] {
  if (grantType !== 'password') return [];
  return Object.entries({ username, password })
    .filter(([, value]) => value === '')
    .map(([name]) => ({ keys: [name], message: 'This is missing: "grantType": "password" needs it.' }));
}

/** Address, credentials, the right to see users, and each course that products name. Changes nothing. */
export async function checkAccount(context: CheckContext<DoceboOptions>): Promise<Finding[]> {
  const settings = settingsOf(context.options);
  if (!isSafeAddress(settings)) return [bad('"baseUrl" is not an https address.', 'Give the address of the platform.')];
  try {
    endOf(context.now(), settings);
  } catch {
    return [bad(`"timeZone": "${settings.timeZone}" is no time zone.`, 'Use a name such as "Europe/Vienna".')];
  }
  const client = createClient(context);
  const reached = await tell(async () => {
    const query = { page: '1', page_size: '1' };
    await client.data({ what: 'list users', writes: false, method: 'GET', path: '/manage/v1/user', query });
    return good(`Docebo at ${new URL(settings.baseUrl).host} answers and gives us its users.`);
  });
  if (!reached.ok) return [reached];
  const named = context.used.map(({ input, sku }) => ({ id: textOf(input['course']), sku }));
  const findings = [reached];
  for (const [id, uses] of Map.groupBy(named, (use) => use.id)) {
    const skus = [...new Set(uses.map(({ sku }) => sku))].join(', ');
    findings.push(await tell(() => checkCourse(client, id, skus)));
  }
  return findings;
}

async function checkCourse(client: Client, id: string, skus: string): Promise<Finding> {
  if (id.includes('{{')) return good(`${skus}: course "${id}" depends on the order and is looked up then.`);
  const name = await findCourse(client, id);
  if (name !== undefined)
    return good(`${skus}: course ${id} is there: ${name}. Whether we may enrol in it shows at the first order.`);
  return bad(
    `There is no course with the number "${id}", which ${skus} names, or we may not see it.`,
    'Correct "with.course" in the product file, or let the API credentials see the course.',
  );
}
