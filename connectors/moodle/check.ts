import { bad, type CheckContext, type Finding, good, tell } from 'handover/contract';
import { checkCourse } from './check-course.ts';
import { checkFinding, checkRights } from './check-rights.ts';
import { namesIn, targetsOf } from './check-target.ts';
import { createClient, textOf, type Client, type Row } from './client.ts';
import { neededFunctions } from './needed-functions.ts';
import { isSafeAddress, settingsOf, type MoodleOptions } from './options.ts';
import { dayOf, lastDay, secondsOf, windowOf } from './term.ts';

type Context = CheckContext<MoodleOptions>;

/**
 * Address, token, functions and rights, and each course, group and cohort that products name. Changes nothing: what is
 * called to prove a right names a user that does not exist, or one that cannot be made.
 */
export async function checkAccount(context: Context): Promise<Finding[]> {
  const settings = settingsOf(context.options);
  if (!isSafeAddress(settings.baseUrl, settings)) {
    return [bad('"baseUrl" is not an https address.', 'Give the address of the site; "allowHttp" is for your own network only.')];
  }
  const zone = checkZone(settings.timeZone);
  const client = createClient(context);
  let info: Row = {};
  const reached = await tell(async () => {
    info = await client.row('core_webservice_get_site_info', { what: 'tell about the site', writes: false });
    const [release, account] = [textOf(info['release']), textOf(info['username'])];
    return good(`Moodle ${release} at ${new URL(settings.baseUrl).host} answers; the token acts as "${account}".`);
  });
  if (!reached.ok) return [...zone, reached];
  const findings = [...zone, reached, ...checkSite(client, info), ...checkFunctions(context, info)];
  findings.push(...(await checkRights(client, info)));
  const courses = targetsOf(context, 'course');
  for (const target of courses) findings.push(...(await checkCourse(client, target)));
  for (const { name, skus } of targetsOf(context, 'cohort')) findings.push(await checkCohort(client, name, skus));
  findings.push(...(zone.length === 0 ? checkTerms(context) : []), await checkFinding(client, info, courses));
  return findings;
}

function checkSite({ settings }: Client, info: Row): Finding[] {
  const told = textOf(info['siteurl']);
  if (!URL.canParse(told) || new URL(told).origin === new URL(settings.siteUrl).origin) return [];
  return [bad(`The site calls itself ${new URL(told).origin}.`, 'Set "siteUrl" to the address that learners use.')];
}

function checkFunctions({ used, options }: Context, info: Row): Finding[] {
  const there = new Set(namesIn(info['functions']));
  const needed = neededFunctions(new Set(used.map(({ action }) => action)), settingsOf(options));
  const missing = needed.filter(({ name }) => !there.has(name));
  const musts = missing.filter(({ without }) => without === undefined).map(({ name }) => name);
  return [
    musts.length === 0
      ? good('All functions that the products need are in the external service.')
      : bad(`The external service lacks ${musts.join(', ')}.`, 'Add them to the service in Moodle.'),
    ...missing.flatMap(({ name, without }) => (without === undefined ? [] : [good(`Without ${name}, ${without}.`)])),
  ];
}

async function checkCohort(client: Client, name: string, skus: string): Promise<Finding> {
  if (name.includes('{{')) return good(`${skus}: cohort "${name}" depends on the order and is looked up then.`);
  if (client.settings.cohortBy === 'id') return good(`${skus}: whether there is a cohort ${name} shows at the first order.`);
  return tell(async () => {
    const all = await client.rows('core_cohort_get_cohorts', { what: 'list the cohorts', writes: false });
    if (all.some(({ idnumber }) => textOf(idnumber) === name)) return good(`${skus}: cohort "${name}" is there.`);
    return bad(
      `There is no cohort with the cohort ID "${name}", which ${skus} names.`,
      'Correct "with.cohort" in the product file.',
    );
  });
}

function checkTerms({ used, options, now }: Context): Finding[] {
  const { timeZone, startEarlySeconds } = settingsOf(options);
  return used.flatMap(({ input: { until }, sku }) => {
    if (typeof until !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(until)) return [];
    const { end } = windowOf(now(), { until }, { timeZone, startEarlySeconds });
    if (end > secondsOf(now())) return [];
    const message = `"until": "${lastDay(end, timeZone)}" of ${sku} is over: nobody who pays now gets access.`;
    return [bad(message, 'Set a later day in the product file.')];
  });
}

function checkZone(timeZone: string): Finding[] {
  try {
    dayOf(0, timeZone);
    return [];
  } catch {
    return [bad(`"timeZone": "${timeZone}" is no time zone.`, 'Use a name such as "Europe/Vienna".')];
  }
}
