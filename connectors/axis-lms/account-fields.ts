import { giveUp, type JsonSchema, type Person } from 'handover/contract';

export type ExtraFields = Readonly<Record<string, string>>;

const customs = Array.from({ length: 15 }, (_, index) => `custom${index + 1}`);

/** How many characters Axis takes. Source: https://www.atrixware.com/docs/manual.php?id=18&page=529& */
const limits = new Map<string, number>([
  ['first_name', 100],
  ['last_name', 100],
  ['email', 80],
  ['middle_init', 1],
  ['company', 255],
  ['address', 255],
  ['city', 100],
  ['state', 4],
  ['zip', 10],
  ['phone', 20],
  ...customs.map((name): [string, number] => [name, 255]),
]);

/** Half a code or number is wrong; of a longer text the beginning will do. */
const wholeOrNothing = new Set(['middle_init', 'state', 'zip', 'phone']);

/** `role` is not among them: nobody buys a manager's account. */
const settable = ['company', 'address', 'city', 'state', 'zip', 'phone', 'middle_init', ...customs, 'localization', 'manager_id'];

/** The fields of a new account, each as long as Axis takes it. Nobody's password is among them: Axis takes none. */
export function fieldsFor(learner: Person, extra: ExtraFields, orderField: string, orderId: string): Record<string, string> {
  const { firstName, lastName } = namesOf(learner);
  const email = learner.email?.trim() ?? '';
  if (email.length > (limits.get('email') ?? 0)) {
    throw giveUp('AXIS_EMAIL_TOO_LONG', "The learner's mail address has more than the 80 characters that Axis LMS takes.", {
      hint: 'Make the account by hand with the user name the connector expects, or enrol the learner by hand.',
    });
  }
  const wanted = {
    first_name: firstName,
    last_name: lastName,
    email,
    ...extra,
    ...(orderField !== '' && { [orderField]: orderId }),
  };
  const fitted = Object.entries(wanted).map(([name, value]) => [name, fit(name, value.trim())] as const);
  return Object.fromEntries(fitted.filter(([, value]) => value !== ''));
}

function fit(name: string, value: string): string {
  const characters = Array.from(value);
  const limit = limits.get(name) ?? characters.length;
  if (characters.length <= limit) return value;
  return wholeOrNothing.has(name) ? '' : characters.slice(0, limit).join('').trim();
}

function namesOf({ name = '', firstName, lastName }: Person): { firstName: string; lastName: string } {
  if (firstName !== undefined || lastName !== undefined) return { firstName: firstName ?? '', lastName: lastName ?? '' };
  const words = name.trim().split(/\s+/);
  return words.length < 2
    ? { firstName: words[0] ?? '', lastName: '' }
    : { firstName: words.slice(0, -1).join(' '), lastName: words.at(-1) ?? '' };
}

/** The part of every action's input that is about the account. */
export const accountInput: Readonly<Record<string, JsonSchema>> = {
  username: {
    type: 'string',
    description: 'The user name in Axis, when the site knows it. Default: computed from the mail address, see `usernameRule`.',
    examples: ['{{metadata.axisUser}}'],
  },
  account: {
    type: 'object',
    description: 'Further fields of an account that has to be made. Existing accounts are left as they are.',
    additionalProperties: false,
    properties: Object.fromEntries(settable.map((name) => [name, { type: 'string' }])),
    examples: [{ company: '{{metadata.company}}', custom1: 'order {{order.number}}' }],
  },
};
