import type { Person } from '../contract/event.ts';
import type { PaymentInstructions } from '../contract/gateway.ts';
import type { Money } from '../contract/money.ts';
import type { Grant, Order, OrderLine, OrderStatus } from '../contract/order.ts';
import type { Step } from '../contract/plan.ts';
import type { OrderRecord } from '../storage/store.ts';
import type { OutcomeName, ProductTexts, SiteTexts } from './config-shapes.ts';
import { viewGrant, type GrantParts, type GrantView } from './grant-view.ts';
import { itemStateOf, type ItemState } from './item-state.ts';
import { mailState, type MailState } from './mail-state.ts';
import { outcomeNow, outcomeOfItem } from './outcome-now.ts';
import { viewPayment, type PayView } from './pay-view.ts';
import { nameBuyer, type Buyer } from './person-name.ts';
import { showDate, showMoney } from './show-values.ts';

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
}

/** What the view is made of beside the stored order. */
export interface ViewParts extends Omit<GrantParts, 'links'> {
  readonly site: SiteTexts;
  /** The product file of a SKU, in the version the order goes by. */
  product(sku: string): ProductTexts | undefined;
  /** What the order's gateway says about how to pay it. */
  instructions?(order: Order): PaymentInstructions | undefined;
  readonly links: {
    page(orderId: string): string;
    open(orderId: string, grantId: string): string;
    spare(orderId: string): string;
  };
}

/** Pure. */
export function viewOrder({ order, grants, steps }: OrderRecord, parts: ViewParts): OrderView {
  const locale = parts.site.site;
  const price = (money: Money): Price => ({ amount: money.amount, currency: money.currency, text: showMoney(money, locale) });
  const drafts = order.lines.map((line) => viewLine(line, order, grants, steps, parts, price));
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
    url: parts.links.page(order.id),
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
): Omit<ItemView, 'outcome'> {
  const product = line.sku === undefined ? undefined : parts.product(line.sku);
  const byName = Map.groupBy(
    grants.filter((grant) => grant.line === line.line),
    ({ name }) => name,
  );
  const views = [...byName].map(([name, units]) => viewGrant(name, product?.grants[name]?.title, units, steps, parts));
  const givesSomething = product !== undefined && Object.keys(product.grants).length > 0;
  return {
    line: line.line,
    sku: line.sku ?? '',
    title: product?.title ?? line.title,
    description: product?.description ?? '',
    metadata: { ...order.metadata, ...product?.metadata },
    quantity: line.quantity,
    learner: nameBuyer(learnerOf(line, order, steps)),
    state: itemStateOf(
      order,
      line,
      views.map(({ state }) => state),
      givesSomething,
    ),
    perItem: (product?.messages ?? parts.site.messages) === 'perItem',
    total: price(line.total),
    ...(line.discount && line.discount.amount > 0 && { discount: price(line.discount) }),
    grants: views,
  };
}

/** Who the line was last given to, or is to be given to. */
function learnerOf(line: OrderLine, { buyer }: Order, steps: readonly Step[]): Person {
  const given = steps.findLast((step) => step.verb === 'grant' && step.line === line.line && step.state !== 'cancelled');
  return given?.terms?.learner ?? line.learner ?? buyer;
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
