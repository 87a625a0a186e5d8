import type { OrderRecord } from '../../src/storage/store.ts';
import { openSite, type Site, type SiteOptions } from '../support/open-site.ts';
import type { StripeDouble } from '../../src/testing/stripe/index.ts';
import { until } from './until.ts';

export type SaleTerms = Parameters<StripeDouble['sale']>[0];
export type Sale = ReturnType<StripeDouble['sale']>;

/** What the shop of these tests sells, in cents. */
export const prices = { 'TS-101': 4900, 'TS-102': 5900, 'TS-103': 6900, 'TP-7': 1900, KIT: 9900 } as const;
export type Sku = keyof typeof prices;

const course = (id: string) => ({ action: 'axis-lms.enrol', with: { course: id, days: 365 } });
const key = { action: 'test-pro.issueKey', with: { source: 'made' } };

/** Three courses, an activation key, and a bundle of a course and a key. */
export const wares: Readonly<Record<string, object>> = {
  'products/TS-102.json': { sku: 'TS-102', title: 'Types in depth', price: '59.00 EUR', grants: { course: course('18') } },
  'products/TS-103.json': { sku: 'TS-103', title: 'Types at work', price: '69.00 EUR', grants: { course: course('19') } },
  'products/TP-7.json': { sku: 'TP-7', title: 'Test Pro, one seat', price: '19.00 EUR', grants: { licence: key } },
  'products/KIT.json': { sku: 'KIT', title: 'Starter kit', price: '99.00 EUR', grants: { course: course('20'), licence: key } },
};

export interface ShopOptions extends SiteOptions {
  /** Laid over the shop's handover.json. */
  readonly site?: object;
  /** Laid over its Stripe gateway. */
  readonly gateway?: object;
  /** Laid over its account at the LMS. */
  readonly account?: object;
  /** Further accounts. */
  readonly connectors?: object;
}

type Settings = { readonly [Part in 'site' | 'gateway' | 'account' | 'connectors']?: object | undefined };

/** Tried again at once, so that no test waits for a schedule. */
export const atOnce = { delaysSeconds: Array.from({ length: 20 }, () => 0), everySeconds: 1, untilHours: 1 };

/** The minimal example with more to sell: its LMS knows courses 17 to 20, and failed steps are tried again at once. */
export async function openShop({ site, gateway, account, connectors, files = {}, ...options }: ShopOptions = {}): Promise<Site> {
  const own = Object.entries(files).map(([file, change]) => {
    const ours = wares[file];
    return [file, ours && typeof change === 'function' ? change(ours as Record<string, unknown>) : change] as const;
  });
  const all = { 'handover.json': settings({ site, gateway, account, connectors }), ...wares, ...Object.fromEntries(own) };
  const opened = await openSite('examples/minimal', { ...options, files: all });
  for (const [id, name] of Object.entries({
    17: 'TypeScript in a week',
    18: 'Types in depth',
    19: 'Types at work',
    20: 'First steps',
  })) {
    opened.lms.addCourse({ id, name });
  }
  return opened;
}

/** The minimal example's handover.json with these tests' additions. */
export function settings({ site, gateway, account, connectors: more }: Settings = {}): (old: Record<string, unknown>) => object {
  const made = { kind: 'pattern', secret: { env: 'TEST_PRO_SECRET' } };
  const testPro = { sources: { made, stock: { kind: 'pool', lowStock: 3 } } };
  return (old) => {
    const gateways = old['gateways'] as { stripe: object };
    const connectors = old['connectors'] as { 'axis-lms': object };
    return {
      ...old,
      retries: atOnce,
      gateways: { ...gateways, stripe: { ...gateways.stripe, ...gateway } },
      connectors: { 'axis-lms': { ...connectors['axis-lms'], ...account }, 'test-pro': testPro, ...more },
      ...site,
    };
  };
}

/** A sale of one each of these, or of `[sku, quantity]`, at the prices of the product files. */
export function sell(
  site: Pick<Site, 'stripe'>,
  items: readonly (Sku | readonly [Sku, number])[],
  terms: Partial<SaleTerms> = {},
): Sale {
  const lines = items.map((item) => {
    const [sku, quantity] = typeof item === 'string' ? [item, 1] : item;
    return { sku, quantity, unitAmount: prices[sku] };
  });
  return site.stripe.sale({ lines, ...terms });
}

/** Sends callbacks one after another and waits until what they started is done. */
export async function takes(
  site: Site,
  ...callbacks: readonly { body: string; headers: Record<string, string> }[]
): Promise<void> {
  for (const callback of callbacks) {
    const { status, text } = await site.receives(callback);
    if (status !== 200) throw new Error(`The callback was answered with ${status}: ${text}`);
  }
  await site.finishesItsSteps();
}

/** `ada@example.org: 17` for each enrolment at the LMS, sorted. */
export function enrolments({ lms }: Pick<Site, 'lms'>): string[] {
  return lms.books.enrolments.map(({ email, courseId }) => `${email}: ${courseId}`).sort();
}

/** Writes of enrolments that went through, repeats included: what learners may have been mailed about by the LMS. */
export function timesEnrolled({ lms }: Pick<Site, 'lms'>): number {
  return lms.books.notifications.length;
}

export async function recordOf(site: Pick<Site, 'app'>, sale: Sale): Promise<OrderRecord> {
  const record = await site.app.store.findPurchase('stripe', sale.session.id);
  if (!record) throw new Error(`The store has no order of ${sale.session.id}.`);
  return record;
}

/** The JSON form of the order page. */
export interface OrderJson {
  readonly order: string;
  readonly url: string;
  readonly outcome: string;
  readonly status: string;
  readonly mail: string;
  readonly items: readonly {
    readonly sku: string;
    readonly state: string;
    readonly quantity: number;
    readonly grants: readonly {
      readonly name: string;
      readonly state: string;
      readonly outputs: Readonly<Record<string, { readonly values: readonly string[] }>>;
    }[];
  }[];
}

/** Where the gateway sends the buyer's browser after paying. */
export function returnAddress(sale: Sale): string {
  return `/return/stripe?session_id=${sale.session.id}`;
}

/** Waits until no callback and no step will be tried again. */
export async function settles(site: Site): Promise<void> {
  await until('nothing is left to do', async () => {
    await site.finishesItsSteps();
    const { callbacks, steps } = await site.app.store.status();
    return callbacks.open + steps.ready + steps.running === 0;
  });
}

/** The order's signed address, as a returning buyer gets it. */
export async function pageAddress(site: Site, sale: Sale): Promise<string> {
  const answer = await site.get(returnAddress(sale));
  const address = answer.headers.get('location');
  if (answer.status !== 303 || address === null) throw new Error(`The return address answered ${answer.status}.`);
  return address;
}

export async function pageJson(site: Site, sale: Sale): Promise<OrderJson> {
  const answer = await site.get(await pageAddress(site, sale), { accept: 'application/json' });
  return (await answer.json()) as OrderJson;
}

/** The page's words, without markup. */
export async function pageWords(site: Site, sale: Sale): Promise<string> {
  const answer = await site.get(await pageAddress(site, sale), { accept: 'text/html' });
  return wordsOf(await answer.text());
}

export function wordsOf(html: string): string {
  return html
    .replace(/<head>[\s\S]*?<\/head>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, ' ');
}

/** The activation keys the order page shows. */
export async function keysOf(site: Site, sale: Sale): Promise<string[]> {
  const { items } = await pageJson(site, sale);
  return items.flatMap(({ grants }) => grants.flatMap(({ outputs }) => outputs['key']?.values ?? []));
}

/** The newest mail to an address: its subject and the words of its text. */
export function newestMail(site: Pick<Site, 'mailbox'>, email = 'ada@example.org'): { subject: string; text: string } {
  const parsed = site.mailbox.messagesFor(email).at(-1)?.parsed;
  return { subject: parsed?.subject ?? '', text: (parsed?.text ?? '').replace(/\s+/g, ' ') };
}

export const buyer = 'ada@example.org';
export const owner = 'owner@example.org';
