import { StepError, type CheckContext, type Finding } from 'handover/contract';
import { isSafeAddress, settingsOf, type AxisOptions } from './options.ts';
import type { AxisApi, Connect, Memberships } from './port.ts';
import { dayIn } from './window.ts';

type Context = CheckContext<AxisOptions>;
type Input = Readonly<Record<string, unknown>>;

/** Key, base URL, and each course, learning path and usergroup that products name. Changes nothing at the other side. */
export async function checkAccount(context: Context, connect: Connect): Promise<Finding[]> {
  const { baseUrl, api: kind, timeZone } = settingsOf(context.options);
  if (!isSafeAddress(baseUrl))
    return [bad('"baseUrl" is not an https address.', 'Give the whole address of the API, up to and including api.php.')];
  const zone = checkZone(timeZone);
  const api = connect(context);
  const reached = await tell(async () => {
    await api.probe();
    return good(
      `Axis LMS at ${new URL(baseUrl).host} answers, and the API key is right (${kind === 'rest' ? 'REST API' : 'Legacy API'}).`,
    );
  });
  if (!reached.ok) return [...zone, reached];
  const findings: Finding[] = [];
  for (const { target, skus, input } of targetsOf(context)) {
    const found = await tell(() => checkTarget(api, target.action, target.name, skus.join(', ')));
    findings.push(found, ...checkInput(input, api, context));
  }
  return [...zone, reached, ...findings];
}

/** Each target once, with all the SKUs that name it. One that depends on the order cannot be looked up. */
function targetsOf({ used }: Context) {
  const targets = new Map<string, { target: { action: string; name: string }; skus: string[]; input: Input }>();
  for (const { action, input, sku } of used) {
    const name = [input['course'], input['path'], input['group']].map(textOf).join('');
    const key = [action, name, textOf(input['until']), textOf(input['repeatPurchase'])].join('\n');
    const known = targets.get(key);
    if (known) known.skus.push(sku);
    else targets.set(key, { target: { action, name }, skus: [sku], input });
  }
  return targets.values();
}

async function checkTarget(api: AxisApi, action: string, name: string, skus: string): Promise<Finding> {
  if (name.includes('{{')) return good(`${skus}: "${name}" depends on the order and is looked up then.`);
  if (action === 'enrolPath') return checkMembership(api.paths, 'learning path', name, skus);
  if (action === 'addToGroup') return checkMembership(api.groups, 'usergroup', name, skus);
  const course = await api.findCourse(name);
  if (!course) return bad(`There is no course ${name}, which ${skus} names.`, 'Correct "with.course" in the product file.');
  if (course.isActive === false) return bad(`Course ${name} "${course.name}" of ${skus} is not active.`, 'Activate it in Axis.');
  return good(`${skus}: course ${name} "${course.name}" is there${course.isActive === undefined ? '' : ' and active'}.`);
}

async function checkMembership(memberships: Memberships | undefined, noun: string, name: string, skus: string): Promise<Finding> {
  if (!memberships) return bad(`${skus} gives a ${noun}, which the Legacy API cannot do.`, 'Set "api": "rest".');
  const found = await memberships.find(name);
  if (!found)
    return bad(
      `There is no active ${noun} ${name}, which ${skus} names.`,
      'Correct the product file, or create or activate it in Axis.',
    );
  return good(`${skus}: ${noun} ${name} "${found.name}" is there.`);
}

function checkInput(input: Input, api: AxisApi, { options, now }: Context): Finding[] {
  const { lookFirst, timeZone } = settingsOf(options);
  const findings: Finding[] = [];
  if (input['repeatPurchase'] === 'extend' && (!api.tellsDates || !lookFirst)) {
    findings.push(
      bad(
        '"repeatPurchase": "extend" needs the dates on file, which cannot be read.',
        'Use "set", or the REST API with "lookFirst".',
      ),
    );
  }
  const until = input['until'];
  if (typeof until === 'string' && until <= dayIn(timeZone, now())) {
    findings.push(bad(`"until": "${until}" is over: nobody who pays now gets access.`, 'Set a later day in the product file.'));
  }
  return findings;
}

function checkZone(timeZone: string): Finding[] {
  try {
    dayIn(timeZone, new Date(0));
    return [];
  } catch {
    return [bad(`"timeZone": "${timeZone}" is no time zone.`, 'Use a name such as "America/New_York".')];
  }
}

async function tell(work: () => Promise<Finding>): Promise<Finding> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StepError)
      return { ok: false, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
    throw error;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function good(message: string): Finding {
  return { ok: true, message };
}

function bad(message: string, hint: string): Finding {
  return { ok: false, message, hint };
}
