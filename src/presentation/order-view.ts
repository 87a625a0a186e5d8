import type { Person } from '../contract/event.ts';
import type { PaymentInstructions } from '../contract/gateway.ts';
import type { Money } from '../contract/money.ts';
import { learnerOf, type Grant, type Order, type OrderLine, type OrderStatus } from '../contract/order.ts';
import type { Step } from '../contract/plan.ts';
import type { OrderRecord } from '../storage/store.ts';
import type { OutcomeName, ProductTexts, SiteTexts } from './config-shapes.ts';
import { viewGrant, type GrantParts, type GrantView } from './grant-view.ts';
import { holderMark } from './holder-mark.ts';
import { holdersOf, type HolderView } from './holders.ts';
import { itemStateOf, type ItemState } from './item-state.ts';
import { mailState, type MailState } from './mail-state.ts';
import { outcomeNow, outcomeOfItem } from './outcome-now.ts';
import { viewPayment, type PayView } from './pay-view.ts';
import { nameBuyer, type Buyer } from './person-name.ts';
import { showDate, showMoney } from './show-values.ts';

const usualChanges = 6;

/** One order as people see it: plain data for the page, the mails and the JSON form. Nothing in it is sealed. */
export interface OrderView {
  readonly number: string;
  /** The signed address of its page. */
  readonly url: string;
  /** What its page shows now. */
  readonly outcome: OutcomeName;
  readonly status: OrderStatus;
  readonly mode: 'live' | 'test';
  readonly buyer: Buyer;
  readonly items: readonly ItemView[];
  readonly total?: Price;
  readonly shipping?: Price;
  readonly refunded?: Price;
  /** The day it was paid, else made, in the site's language. */
  readonly date: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The gateway's words; for staff, and for texts that ask for it. */
  readonly reason: string;
  /** What became of the buyer's newest mail. */
  readonly mail: MailState;
  /** How to pay, where the buyer has to see to that. */
  readonly toPay?: PayView;
  /** Where an order that was begun here and not paid goes on. */
  readonly resumeUrl?: string;
}

export interface Price extends Money {
  /** As the site writes it, e.g. `€49.00`. */
  readonly text: string;
}

/** One order line. */
export interface ItemView {
  readonly line: number;
  readonly sku: string;
  readonly title: string;
  readonly description: string;
  /** The product's own texts, and what the shop attached to the payment. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly quantity: number;
  /** Who gets it: the buyer unless the order says otherwise. */
  readonly learner: Buyer;
  readonly state: ItemState;
  /** The outcome it goes by on its own. */
  readonly outcome: OutcomeName;
  /** Has its own block on the page and its own mail. */
  readonly perItem: boolean;
  readonly total: Price;
  readonly discount?: Price;
  readonly grants: readonly GrantView[];
  /** What the product gives, by name, given yet or not. */
  readonly grantNames: readonly string[];
  /** Who has which unit; empty where all is the buyer's. */
  readonly holders: readonly HolderView[];
  /** The buyer hands them out, and may change each so often. */
  readonly seats?: { readonly changes: number };
}

/** Who reads, where it is not the buyer, and what was given to that person: `<line>/<unit>`. */
export interface Reader {
  readonly person: Person;
  readonly units: readonly string[];
}

/** What the view is made of beside the stored order. */
export interface ViewParts extends Omit<GrantParts, 'links' | 'isShown' | 'markOf'> {
  readonly site: SiteTexts;
  /** The product file of a SKU, in the version the order goes by. */
  product(sku: string): ProductTexts | undefined;
  /** What the order's gateway says about how to pay it. */
  instructions?(order: Order): PaymentInstructions | undefined;
  readonly links: {
    page(orderId: string): string;
    open(orderId: string, grantId: string, holder?: string): string;
    spare(orderId: string): string;
    claim(orderId: string, seat: { readonly line: number; readonly unit: number; readonly turn: number }): string;
  };
}

/** Pure. A reader who is not the buyer sees what that person was given, and no link to the order. */
export function viewOrder({ order, grants, steps }: OrderRecord, parts: ViewParts, reader?: Reader): OrderView {
  const locale = parts.site.site;
  const price = (money: Money): Price => ({ amount: money.amount, currency: money.currency, text: showMoney(money, locale) });
  const lines = reader ? order.lines.filter(({ line }) => unitsFor(reader, line).length > 0) : order.lines;
  const drafts = lines.map((line) => viewLine(line, order, grants, steps, parts, price, reader));
  const outcome = outcomeNow(
    order,
    drafts.map(({ state }) => state),
  );
  const shipping = order.events.find((event) => event.shipping)?.shipping;
  const refunded = refundedOf(order);
  const instructions = parts.instructions?.(order);
  const resume = resumePath(order);
  return {
    number: order.id,
    url: reader ? '' : parts.links.page(order.id),
    outcome,
    status: order.status,
    mode: order.mode,
    buyer: nameBuyer(order.buyer),
    items: drafts.map((draft) => ({ ...draft, outcome: outcomeOfItem(outcome, draft.state) })),
    ...(order.total && { total: price(order.total) }),
    ...(shipping && shipping.amount > 0 && { shipping: price(shipping) }),
    ...(refunded && { refunded: price(refunded) }),
    date: showDate(order.paidAt ?? order.createdAt, locale),
    createdAt: order.createdAt,
    reason: order.reason ?? '',
    mail: mailState(steps),
    ...(instructions && { toPay: viewPayment(instructions, locale) }),
    ...(resume !== undefined && isUnpaid(order) && { resumeUrl: `${parts.site.baseUrl}${resume}` }),
  };
}

function viewLine(
  line: OrderLine,
  order: Order,
  grants: readonly Grant[],
  steps: readonly Step[],
  parts: ViewParts,
  price: (money: Money) => Price,
  reader: Reader | undefined,
): Omit<ItemView, 'outcome'> {
  const product = line.sku === undefined ? undefined : parts.product(line.sku);
  const areSeats = product?.seats === 'assign';
  const holders = reader
    ? []
    : holdersOf(order, line, grants, steps, areSeats, (unit, turn) =>
        parts.links.claim(order.id, { line: line.line, unit, turn }),
      );
  const free = new Set(holders.flatMap(({ state, unit }) => (state === 'free' ? [unit] : [])));
  const own = grants.filter((grant) => grant.line === line.line && (!reader || unitsFor(reader, line.line).includes(grant.unit)));
  const byName = Map.groupBy(
    own.filter(({ unit, wanted }) => wanted !== 'revoked' || !free.has(unit)),
    ({ name }) => name,
  );
  const grantParts = {
    ...parts,
    markOf: (grant: Grant) => holderMark(order, grant),
    isShown: ({ unit, name }: Grant) =>
      reader !== undefined ||
      product?.buyerSees === 'everything' ||
      !learnerOf(order, line, unit) ||
      (areSeats && isOneForAll(name)),
  };
  const isOneForAll = (name: string) => line.quantity > 1 && own.filter((grant) => grant.name === name).length === 1;
  const views = [...byName].map(([name, units]) => viewGrant(name, product?.grants[name]?.title, units, steps, grantParts));
  const givesSomething = product !== undefined && Object.keys(product.grants).length > 0;
  return {
    line: line.line,
    sku: line.sku ?? '',
    title: product?.title ?? line.title,
    description: product?.description ?? '',
    metadata: { ...order.metadata, ...product?.metadata },
    quantity: reader ? unitsFor(reader, line.line).length : line.quantity,
    learner: nameBuyer(reader?.person ?? lastLearner(line, order, steps)),
    state: itemStateOf(
      order,
      line,
      views.map(({ state }) => state),
      givesSomething && free.size === 0,
    ),
    perItem: (product?.messages ?? parts.site.messages) === 'perItem',
    total: price(line.total),
    ...(line.discount && line.discount.amount > 0 && { discount: price(line.discount) }),
    grants: views,
    grantNames: Object.keys(product?.grants ?? {}),
    holders,
    ...(areSeats && holders.length > 0 && { seats: { changes: product.seatChanges ?? usualChanges } }),
  };
}

/** Who the line was last given to, or is to be given to. */
function lastLearner(line: OrderLine, { buyer }: Order, steps: readonly Step[]): Person {
  const given = steps.findLast((step) => step.verb === 'grant' && step.line === line.line && step.state !== 'cancelled');
  return given?.terms?.learner ?? line.learner ?? buyer;
}

function unitsFor({ units }: Reader, line: number): number[] {
  return units.flatMap((place) => (place.startsWith(`${line}/`) ? [Number(place.slice(place.indexOf('/') + 1))] : []));
}

/** Only what we wrote ourselves at the beginning leads anywhere. */
function resumePath({ events }: Order): string | undefined {
  const path = events.find(({ kind }) => kind === 'checkout.started')?.metadata?.['resume'];
  return path?.startsWith('/cart?') ? path : undefined;
}

function isUnpaid({ status }: Order): boolean {
  return status === 'abandoned' || status === 'expired' || status === 'declined';
}

function refundedOf({ payments }: Order): Money | undefined {
  const amount = payments.reduce((sum, payment) => sum + payment.refunded, 0);
  const currency = payments[0]?.amount.currency;
  return amount > 0 && currency !== undefined ? { amount, currency } : undefined;
}
