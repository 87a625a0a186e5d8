import { createHash } from 'node:crypto';
import { decimalsOf, formatMoney } from 'handover/contract';
import type { ActionContext, Money, Person } from 'handover/contract';
import type { HttpOptions, Plain } from './options.ts';

/** A value a placeholder stands for; undefined: there is none. */
export type Value = Plain | undefined;
export type Values = (name: string) => Value;

export interface Surroundings {
  readonly ctx: ActionContext<HttpOptions>;
  readonly input: Readonly<Record<string, unknown>>;
  readonly kept: Readonly<Record<string, Plain>>;
  /** A fresh signed token, where the account makes them. */
  readonly jwt?: () => string;
}

type Read = (surroundings: Surroundings) => Value;

const people: Readonly<Record<'buyer' | 'learner', (ctx: ActionContext) => Person>> = {
  buyer: ({ order }) => order.buyer,
  learner: ({ learner }) => learner,
};

const facts: Readonly<Record<string, (person: Person) => Value>> = {
  email: ({ email }) => email,
  emailMd5: ({ email }) => hashOf(email, 'md5'),
  emailSha256: ({ email }) => hashOf(email, 'sha256'),
  name: (person) => person.name ?? ([person.firstName, person.lastName].filter(Boolean).join(' ') || undefined),
  firstName: (person) => person.firstName ?? wordsOf(person).slice(0, 1)[0],
  lastName: (person) => person.lastName ?? (wordsOf(person).slice(1).join(' ') || undefined),
  phone: ({ phone }) => phone,
  country: ({ country }) => country,
};

const forms: Readonly<Record<string, (at: Date) => Value>> = {
  '': (at) => at.toISOString(),
  '.date': (at) => at.toISOString().slice(0, 10),
  '.date8': (at) => at.toISOString().slice(0, 10).replaceAll('-', ''),
  '.unix': (at) => Math.floor(at.getTime() / 1000),
};

const read: Readonly<Record<string, Read>> = {
  stepKey: ({ ctx }) => ctx.stepKey,
  grantId: ({ ctx }) => ctx.grantId,
  unit: ({ ctx }) => ctx.unit,
  'order.number': ({ ctx }) => ctx.order.id,
  'order.total': ({ ctx }) => sumOf(ctx.order.total),
  'order.currency': ({ ctx }) => (ctx.order.total ?? ctx.line.total).currency,
  'order.status': ({ ctx }) => ctx.order.status,
  'order.mode': ({ ctx }) => ctx.order.mode,
  'order.language': ({ ctx }) => ctx.order.language,
  'order.gateway': ({ ctx }) => ctx.order.gateway,
  'order.purchase': ({ ctx }) => ctx.order.purchase,
  'product.sku': ({ ctx }) => ctx.line.sku,
  'product.title': ({ ctx }) => ctx.line.title,
  'product.quantity': ({ ctx }) => ctx.line.quantity,
  'product.total': ({ ctx }) => sumOf(ctx.line.total),
  ...Object.fromEntries(
    Object.entries(people).flatMap(([who, personOf]) =>
      Object.entries(facts).map(([fact, valueOf]): [string, Read] => [`${who}.${fact}`, ({ ctx }) => valueOf(personOf(ctx))]),
    ),
  ),
  ...Object.fromEntries(
    Object.entries(forms).flatMap(([ending, form]): [string, Read][] => [
      [`since${ending}`, ({ ctx }) => form(ctx.since)],
      [`until${ending}`, (surroundings) => formed(endOf(surroundings), form)],
    ]),
  ),
  'auth.jwt': ({ jwt }) => jwt?.(),
};

/** Names that are always there. `auth.jwt` needs an account that signs tokens. */
export const fixedNames: readonly string[] = Object.keys(read);
/** First words of names that the configuration makes: `with.course`, `kept.userId`, `secret.key`, `metadata.campaign`. */
export const openWords = ['with', 'kept', 'secret', 'metadata'] as const;

/** What the names stand for in this attempt. */
export function valuesFor(surroundings: Surroundings): Values {
  const { ctx, input, kept } = surroundings;
  const open: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    with: input,
    kept,
    secret: ctx.options.secrets ?? {},
    metadata: ctx.order.metadata,
  };
  return (name) => {
    const fixed = Object.hasOwn(read, name) ? read[name] : undefined;
    if (fixed) return present(fixed(surroundings));
    const dot = name.indexOf('.');
    const group = open[name.slice(0, dot)];
    const member = name.slice(dot + 1);
    return group && Object.hasOwn(group, member) ? present(group[member]) : undefined;
  };
}

/** An empty text is no value: it would make an empty piece of an address or wipe a field. */
function present(value: unknown): Value {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

/** The end of a paid period; else by `with.days` or `with.months` from the purchase on, where the action has them. */
function endOf({ ctx, input }: Surroundings): Date | undefined {
  if (ctx.until) return ctx.until;
  const [days, months] = [Number(input['days'] ?? 0), Number(input['months'] ?? 0)];
  if (!(days > 0) && !(months > 0)) return undefined;
  const end = new Date(ctx.since);
  if (months > 0) addMonths(end, months);
  if (days > 0) end.setUTCDate(end.getUTCDate() + days);
  return end;
}

/** 31 January plus one month is the last day of February. */
function addMonths(date: Date, months: number): void {
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + months, 1);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
}

function formed(at: Date | undefined, form: (at: Date) => Value): Value {
  return at && !Number.isNaN(at.getTime()) ? form(at) : undefined;
}

function wordsOf({ name = '' }: Person): string[] {
  return name.split(/\s+/).filter(Boolean);
}

function hashOf(email: string | undefined, algorithm: 'md5' | 'sha256'): Value {
  return email === undefined ? undefined : createHash(algorithm).update(email.trim().toLowerCase()).digest('hex');
}

/** `4900` cents as `49.00`. */
function sumOf(money: Money | undefined): Value {
  if (!money) return undefined;
  const text = formatMoney(money);
  return decimalsOf(money.currency) === 0 ? String(money.amount) : text.slice(0, text.lastIndexOf(' '));
}
