import type { Parked } from './site-process.ts';
import { skus, type Sku } from './shop.ts';
import type { Sold, World } from './world.ts';

/** What the other sides have in their books, beside what was sold. */
export interface Ledger {
  /** Units that were delivered, of each kind. */
  readonly delivered: Readonly<Record<Sku, number>>;
  /** Paid and acknowledged, and not delivered. */
  readonly lost: readonly string[];
  /** Delivered more often than paid for, or to two buyers. */
  readonly doubled: readonly string[];
  /** Units that wait for a person, since nobody can tell whether they were delivered. Only `blind` ones may. */
  readonly unknown: readonly string[];
  /** Allowed: calls that were made again and changed nothing, mails that came again under the same Message-ID. */
  readonly repeats: { readonly calls: number; readonly mails: number };
  /** Mails about what an earlier mail had called late. */
  readonly followUps: number;
}

interface Letter {
  readonly messageId: string;
  readonly orderId: string;
  readonly isFollowUp: boolean;
  readonly keys: ReadonlySet<string>;
}

/** Compares by the books of the other sides alone; of the site it takes only what it says waits for a person. */
export function compare(world: World, sales: Iterable<Sold>, parked: readonly Parked[]): Ledger {
  const delivered = Object.fromEntries(skus.map((sku) => [sku, 0])) as Record<Sku, number>;
  const [lost, doubled, unknown]: [string[], string[], string[]] = [[], [], []];
  const books = readBooks(world);
  let mails = 0;
  let followUps = 0;

  function weigh(email: string, what: string, found: number, due: number): void {
    if (found < due) lost.push(`${email}: ${what}, ${found} of ${due}`);
    if (found > due) doubled.push(`${email}: ${what}, ${found} instead of ${due}`);
  }

  for (const { email, quantities } of sales) {
    const letters = books.letters.get(email) ?? [];
    const ids = new Set(letters.filter(({ isFollowUp }) => !isFollowUp).map(({ messageId }) => messageId));
    const late = new Set(letters.filter(({ isFollowUp }) => isFollowUp).map(({ messageId }) => messageId));
    const orders = new Set(letters.map(({ orderId }) => orderId));
    mails += letters.length - ids.size - late.size;
    followUps += late.size;
    weigh(email, 'mail', ids.size, 1);
    weigh(email, 'account', books.accounts.get(email) ?? 0, quantities.COURSE || quantities.PATH ? 1 : 0);
    for (const [sku, quantity] of Object.entries(quantities) as [Sku, number][]) {
      const shown = new Set(letters.flatMap(({ keys }) => [...keys].filter((key) => key.startsWith(`${sku}-`))));
      const open =
        sku === 'BLIND'
          ? parked.filter(({ orderId, key }) => orders.has(orderId) && key.includes(`/${lineOf(quantities, sku)}/`)).length
          : 0;
      const found =
        { COURSE: books.courses, PATH: books.paths, POOL: undefined, KEYED: books.keyed, BLIND: books.blind }[sku]?.get(email) ??
        0;
      if (sku === 'COURSE' || sku === 'PATH') weigh(email, sku, found, 1);
      else weigh(email, `${sku} in the mail`, shown.size, quantity - open);
      if (sku === 'KEYED') weigh(email, `${sku} issued`, found, quantity);
      if (sku === 'BLIND' && found > quantity) doubled.push(`${email}: ${sku} issued, ${found} instead of ${quantity}`);
      delivered[sku] += sku === 'COURSE' || sku === 'PATH' ? found : shown.size;
      if (open > 0) unknown.push(`${email}: ${sku}, ${open} of ${quantity}`);
    }
  }
  doubled.push(...givenTwice(books.letters));
  return { delivered, lost, doubled, unknown, repeats: { calls: books.repeatedCalls, mails }, followUps };
}

/** Lines are numbered in the order of the cart. */
function lineOf(quantities: Sold['quantities'], sku: Sku): number {
  return Object.keys(quantities).indexOf(sku) + 1;
}

function givenTwice(letters: ReadonlyMap<string, readonly Letter[]>): string[] {
  const holders = new Map<string, string>();
  const twice: string[] = [];
  for (const [email, its] of letters) {
    for (const key of new Set(its.flatMap(({ keys }) => [...keys]))) {
      const other = holders.get(key);
      if (other !== undefined) twice.push(`${key}: given to ${other} and ${email}`);
      holders.set(key, email);
    }
  }
  return twice;
}

function readBooks({ lms, keyed, blind, mailbox }: World) {
  const { enrolments, learningPathEnrolments, notifications, users } = lms.books;
  const keyRequests = [keyed, blind].flatMap(({ books }) => books.requests.filter(({ method }) => method === 'POST'));
  const issued = [...keyed.books.issued, ...blind.books.issued];
  return {
    accounts: countBy(users, ({ email }) => email),
    courses: countBy(enrolments, ({ email }) => email),
    paths: countBy(learningPathEnrolments, ({ email }) => email),
    keyed: countBy(keyed.books.issued, ({ sent }) => String(sent['buyer'])),
    blind: countBy(blind.books.issued, ({ sent }) => String(sent['buyer'])),
    letters: lettersIn(mailbox.messages),
    repeatedCalls: notifications.length - enrolments.length - learningPathEnrolments.length + keyRequests.length - issued.length,
  };
}

function countBy<T>(list: readonly T[], nameOf: (each: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const each of list) counts.set(nameOf(each), (counts.get(nameOf(each)) ?? 0) + 1);
  return counts;
}

function lettersIn(messages: World['mailbox']['messages']): Map<string, Letter[]> {
  const letters = new Map<string, Letter[]>();
  for (const { to, parsed } of messages) {
    const email = to[0] ?? '';
    const headed = (name: string): string => parsed.headers.find(({ key }) => key === name)?.value ?? '';
    const orderId = headed('x-handover-order');
    const isFollowUp = headed('x-handover-step').endsWith('/late');
    const keys = new Set((parsed.text ?? '').match(/\b(?:POOL|KEYED|BLIND)-\d{5}\b/g) ?? []);
    const known = letters.get(email);
    const letter = { messageId: parsed.messageId ?? '', orderId, isFollowUp, keys };
    if (known) known.push(letter);
    else letters.set(email, [letter]);
  }
  letters.delete('owner@example.org');
  return letters;
}
