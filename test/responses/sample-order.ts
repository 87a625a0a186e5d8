import type { Action } from '../../src/contract/connector.ts';
import type { PaymentEvent } from '../../src/contract/event.ts';
import type { Grant, GrantState, Order, OrderLine } from '../../src/contract/order.ts';
import type { Step, StepState } from '../../src/contract/plan.ts';
import type { ProductTexts, SiteTexts } from '../../src/presentation/config-shapes.ts';
import { viewOrder, type OrderView, type ViewParts } from '../../src/presentation/order-view.ts';
import type { OrderRecord } from '../../src/storage/store.ts';

/** A site with the schema's defaults. */
export function sampleSite(changes: Partial<SiteTexts> = {}): SiteTexts {
  return {
    mode: 'live',
    baseUrl: 'https://shop.example.com/shop',
    site: {
      name: 'Northern Academy',
      url: 'https://shop.example.com/',
      support: 'mailto:help@example.com',
      language: 'en',
      timeZone: 'UTC',
    },
    brand: {
      colors: { primary: '#1f4f8f', background: '#f3f4f6', surface: '#ffffff', text: '#1c2430' },
      fonts: { body: 'system-ui, sans-serif', heading: 'system-ui, sans-serif' },
      layout: 'card',
    },
    messages: 'condensed',
    outcomes: {},
    links: { pageDays: 90 },
    ...changes,
  };
}

/** TS-101 is a course, KEY-7 an activation key, BUNDLE-1 both. */
export function sampleProducts(changes: Readonly<Record<string, Partial<ProductTexts>>> = {}): Map<string, ProductTexts> {
  const course = { action: 'lms.enrol', with: { course: 'ts-101' } };
  const key = { action: 'keys.issue', with: { pool: 'editor' } };
  const products: ProductTexts[] = [
    { sku: 'TS-101', title: 'TypeScript from the start', metadata: {}, grants: { course }, outcomes: {}, followUps: {} },
    { sku: 'KEY-7', title: 'Editor Pro, one year', metadata: {}, grants: { key }, outcomes: {}, followUps: {} },
    {
      sku: 'BUNDLE-1',
      title: 'Course with editor',
      metadata: {},
      grants: { course: { ...course, title: 'The course' }, key: { ...key, title: 'The editor' } },
      outcomes: {},
      followUps: {},
    },
  ];
  return new Map(products.map((product) => [product.sku, { ...product, ...changes[product.sku] }]));
}

const outputs: Readonly<Record<string, Action['output']>> = {
  'lms.enrol': {
    userId: { description: "The buyer's number in the LMS." },
    username: { description: 'The name to sign in with.' },
    loginUrl: { description: 'Signs the buyer in.', link: true },
  },
  'keys.issue': { key: { description: 'The key.', secret: true } },
};

export interface SampleLine {
  readonly sku: string;
  readonly title?: string;
  readonly quantity?: number;
  readonly cents?: number;
  readonly state?: OrderLine['state'];
  /** State of its grant steps, one for each unit; the last one counts for the rest. */
  readonly steps?: readonly StepState[];
  readonly wanted?: GrantState;
}

export interface Sample {
  readonly order: Partial<Order>;
  readonly lines: readonly SampleLine[];
  readonly products: ReadonlyMap<string, ProductTexts>;
  readonly mail: StepState;
}

/** A paid order with every grant done, unless told otherwise. */
export function sampleRecord({
  order: changes = {},
  lines: wanted = [{ sku: 'TS-101' }],
  products = sampleProducts(),
  mail,
}: Partial<Sample> = {}): OrderRecord {
  const paid = (changes.status ?? 'paid') === 'paid';
  const lines = wanted.map((line, index) => orderLine(line, index + 1));
  const total = { amount: lines.reduce((sum, line) => sum + line.total.amount, 0), currency: 'EUR' };
  const order: Order = {
    id: 'K3M9-2QXT-7BHD',
    gateway: 'stripe',
    purchase: 'cs_test_1',
    status: 'paid',
    mode: 'live',
    lines,
    total,
    buyer: { email: 'ada@example.org', name: 'Ada Lovelace' },
    holds: [],
    refunds: [],
    payments: [{ reference: 'pi_1', amount: total, at: '2026-05-03T10:00:00Z', refunded: 0, dispute: 'none' }],
    configVersion: 'v1',
    createdAt: '2026-05-03T10:00:00Z',
    references: ['cs_test_1', 'pi_1'],
    metadata: {},
    events: [sampleEvent('payment.completed')],
    ...changes,
  };
  const granted = paid || ['partlyRefunded', 'refunded', 'disputed', 'ended'].includes(order.status);
  const pairs = granted ? wanted.flatMap((line, index) => grantsOf(line, index + 1, products)) : [];
  const mailStep =
    mail && sampleStep({ key: `${order.id}/mail/paid/1`, verb: 'mail', action: 'paid', account: 'mail', state: mail });
  return {
    order,
    grants: pairs.map(({ grant }) => grant),
    steps: [...pairs.map(({ step }) => step), ...(mailStep ? [mailStep] : [])],
  };
}

export function sampleEvent(kind: PaymentEvent['kind'], changes: Partial<PaymentEvent> = {}): PaymentEvent {
  return {
    kind,
    gateway: 'stripe',
    id: `evt_${kind}`,
    at: '2026-05-03T10:00:00Z',
    purchase: 'cs_test_1',
    payment: 'pi_1',
    mode: 'live',
    ...changes,
  };
}

export function sampleStep(changes: Partial<Step>): Step {
  return {
    key: 'K3M9-2QXT-7BHD/1/1/course/grant/1',
    orderId: 'K3M9-2QXT-7BHD',
    verb: 'grant',
    action: 'lms.enrol',
    account: 'lms',
    input: {},
    after: [],
    configVersion: 'v1',
    state: 'done',
    attempts: 1,
    runAt: 0,
    createdAt: 0,
    updatedAt: 0,
    begun: true,
    scheduledAt: 0,
    ...changes,
  };
}

function orderLine({ sku, title = sku, quantity = 1, cents = 4900, state = 'open' }: SampleLine, line: number): OrderLine {
  const total = { amount: cents * quantity, currency: 'EUR' };
  return { line, state, sku, title, quantity, subtotal: total, total };
}

function grantsOf(
  { sku, quantity = 1, steps = ['done'], wanted = 'granted' }: SampleLine,
  line: number,
  products: ReadonlyMap<string, ProductTexts>,
): { grant: Grant; step: Step }[] {
  const names = Object.entries(products.get(sku)?.grants ?? {});
  return Array.from({ length: quantity }, (_, index) => index + 1).flatMap((unit) =>
    names.map(([name, { action }], position) => {
      const id = `K3M9-2QXT-7BHD/${line}/${unit}/${name}`;
      const state = steps[Math.min(unit - 1 + position, steps.length - 1)] ?? 'done';
      const outcome =
        name === 'course'
          ? { userId: 17, username: 'ada' }
          : { key: `sealed:EDIT-${line}${unit}A7-QX4M-99TR-${'KLMN'.slice(0, 4)}` };
      const step = sampleStep({
        key: `${id}/grant/1`,
        grantId: id,
        line,
        unit,
        action,
        state,
        ...(state === 'done' && { outcome }),
      });
      return { grant: { id, orderId: 'K3M9-2QXT-7BHD', line, unit, name, action, reasons: [], wanted }, step };
    }),
  );
}

export function sampleParts(
  site = sampleSite(),
  products: ReadonlyMap<string, ProductTexts> = sampleProducts(),
): ViewParts & { now: Date } {
  return {
    site,
    product: (sku) => products.get(sku),
    outputs: (action) => outputs[action],
    open(sealed) {
      if (!sealed.startsWith('sealed:')) throw new Error('not sealed by us');
      return sealed.slice('sealed:'.length);
    },
    links: {
      page: () => `${site.baseUrl}/orders/token-1`,
      claim: () => 'https://shop.example.org/shop/claim/token',
      spare: () => 'https://shop.example.org/shop/spare/token',
      open: (orderId, grantId) => `${site.baseUrl}/open/${grantId.replace(`${orderId}/`, '').replaceAll('/', '-')}`,
    },
    now: new Date('2026-05-03T10:01:00Z'),
  };
}

export function sampleView(sample: Partial<Sample> = {}, site = sampleSite()): OrderView {
  return viewOrder(sampleRecord(sample), sampleParts(site, sample.products));
}
