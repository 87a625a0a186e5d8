import type { OutcomeName } from '../config/types.ts';
import type { Order, OrderLine } from '../contract/order.ts';
import type { PlannedStep, Step } from '../contract/plan.ts';
import { findProduct, type Catalogue } from './find-product.ts';
import { changeOf } from './outcome-change.ts';

/** What a mail step carries in `input`; the text is rendered when it is sent. */
export interface MessageInput {
  readonly [key: string]: unknown;
  /** `buyer`: the outcome's mail. `learner`: to who was given something. `copy`: the same, to the owner. `sale`, `held`, `unknownSku`, `tell`: notices to staff. */
  readonly kind:
    | 'buyer'
    | 'learner'
    | 'copy'
    | 'sale'
    | 'held'
    | 'unknownSku'
    | 'tell'
    | 'parked'
    | 'parkedCallback'
    | 'lowStock'
    | 'alarm'
    | 'scheduled';
  readonly outcome: OutcomeName;
  /** Order lines it speaks of. */
  readonly lines: readonly number[];
  readonly to?: readonly string[];
  /** For notices: what they are about, as far as the order cannot tell. */
  readonly about?: Readonly<Record<string, unknown>>;
}

/** Outcomes that a later outcome makes pointless, as long as their mail has not gone out. */
const overtaken: readonly OutcomeName[] = ['pending', 'declined', 'expired', 'abandoned', 'held'];

/** What the buyer does not hear of unless a text is written for it. */
const silentByDefault: readonly OutcomeName[] = ['expired'];

export interface MessagePlan {
  readonly steps: readonly PlannedStep[];
  readonly cancel: readonly string[];
}

/**
 * The mails an order's change calls for: to the buyer, to the owner, to whom the outcome names. A mail waits for the grant
 * steps of its lines, but not longer than the owner's patience; then it says what is late.
 */
export function planMessages(
  before: Order | undefined,
  order: Order,
  outcome: OutcomeName | undefined,
  grantSteps: readonly PlannedStep[],
  known: readonly Step[],
  catalogues: readonly Catalogue[],
): MessagePlan {
  const [catalogue] = catalogues;
  if (!catalogue) return { steps: [], cancel: [] };
  const ours = order.lines.filter(({ state }) => state !== 'foreign');
  const silent = outcome === undefined || (order.lines.length > 0 && ours.length === 0) || isAheadOfItsPayment(order);
  const late = outcome === undefined ? latecomers(before, order, grantSteps) : [];
  const cancel = silent ? [] : overtakenMails(outcome, known);
  if (late.length > 0)
    return {
      steps: groupsOf(late, catalogues).map((lines) => buyerMail(order, 'paid', lines, grantSteps, catalogue, '/late')),
      cancel,
    };
  if (silent) return { steps: [], cancel };

  const steps: PlannedStep[] = [];
  for (const lines of groupsOf(ours, catalogues)) {
    if (canBeMailed(order) && mails(outcome, lines, catalogues))
      steps.push(buyerMail(order, outcome, lines, grantSteps, catalogue));
  }
  steps.push(...reminders(order, outcome, ours, catalogue));
  steps.push(...ownerMessages(order, outcome, ours, grantSteps, catalogue), ...tellOthers(order, outcome, ours, catalogues));
  return { steps, cancel };
}

/** What comes after a payment came before it: kept, and told once the payment is known. */
function isAheadOfItsPayment({ payments, events }: Order): boolean {
  return payments.length === 0 && events.every(({ kind }) => /^(payment\.(refund|dispute)|subscription\.|clock\.)/.test(kind));
}

/** Lines whose product file came after the first mail, which could only name them: they get a mail of their own. */
function latecomers(before: Order | undefined, order: Order, grantSteps: readonly PlannedStep[]): OrderLine[] {
  const waited = new Set(before?.lines.filter(({ state }) => state === 'parked').map(({ line }) => line));
  const planned = new Set(grantSteps.filter(({ verb }) => verb === 'grant').map(({ line }) => line));
  return order.status === 'held' ? [] : order.lines.filter(({ line }) => planned.has(line) && waited.has(line));
}

/**
 * An address that is missing or none is what a paid order is held for: the owner hears of it, the buyer cannot. Of an attempt that
 * came to nothing and names nobody there is nobody to tell.
 */
function canBeMailed({ holds, payments, buyer }: Order): boolean {
  if (payments.length === 0 && buyer.email === undefined) return false;
  return !holds.some(({ code }) => code === 'BUYER_UNKNOWN' || code === 'BUYER_EMAIL_INVALID');
}

function overtakenMails(outcome: OutcomeName, known: readonly Step[]): string[] {
  return known
    .filter(
      ({ verb, input }) => verb === 'mail' && input['outcome'] !== outcome && overtaken.includes(input['outcome'] as OutcomeName),
    )
    .filter(({ state }) => state === 'ready' || state === 'waiting')
    .map(({ key }) => key);
}

/** One group for all lines that share a mail, one for each line that wants its own. */
function groupsOf(lines: readonly OrderLine[], catalogues: readonly Catalogue[]): OrderLine[][] {
  const isAlone = ({ sku }: OrderLine): boolean => {
    const found = findProduct(sku, catalogues);
    return (found?.product.messages ?? catalogues[0]?.site.messages) === 'perItem';
  };
  const shared = lines.filter((line) => !isAlone(line));
  const alone = lines.filter(isAlone).map((line) => [line]);
  return shared.length > 0 || alone.length === 0 ? [shared, ...alone] : alone;
}

/** A mail goes out unless every product of the group says `"mail": false`, or the outcome is a silent one without a text. */
function mails(outcome: OutcomeName, lines: readonly OrderLine[], catalogues: readonly Catalogue[]): boolean {
  const site = catalogues[0]?.site.outcomes[outcome]?.mail;
  const wishes = lines.map(({ sku }) => findProduct(sku, catalogues)?.product.outcomes[outcome]?.mail ?? site);
  if (wishes.length === 0) wishes.push(site);
  return silentByDefault.includes(outcome)
    ? wishes.some((wish) => wish !== undefined && wish !== false)
    : wishes.some((wish) => wish !== false);
}

function buyerMail(
  order: Order,
  outcome: OutcomeName,
  lines: readonly OrderLine[],
  grantSteps: readonly PlannedStep[],
  catalogue: Catalogue,
  later = '',
): PlannedStep {
  const numbers = lines.map(({ line }) => line);
  const after = grantSteps.filter(({ line }) => line !== undefined && numbers.includes(line)).map(({ key }) => key);
  const patienceMs = catalogue.site.mailPatienceSeconds * 1000;
  return {
    ...message(
      order,
      'mail',
      `mail/${outcome}${changeOf(order, outcome)}${later}/${numbers.join('+') || 'all'}`,
      { kind: 'buyer', outcome, lines: numbers },
      catalogue,
    ),
    after,
    ...(after.length > 0 && { patienceMs }),
  };
}

/** A buyer who has not paid by then is reminded; a payment cancels it. */
function reminders(order: Order, outcome: OutcomeName, lines: readonly OrderLine[], catalogue: Catalogue): PlannedStep[] {
  const remindAt = order.events.findLast(({ kind }) => kind === 'payment.pending')?.remindAt;
  if (outcome !== 'pending' || remindAt === undefined || !canBeMailed(order)) return [];
  const mail = buyerMail(order, outcome, lines, [], catalogue, '/reminder');
  return [{ ...mail, input: { ...mail.input, about: { reminder: true } }, notBefore: Date.parse(remindAt) }];
}

function ownerMessages(
  order: Order,
  outcome: OutcomeName,
  ours: readonly OrderLine[],
  grantSteps: readonly PlannedStep[],
  catalogue: Catalogue,
): PlannedStep[] {
  const { owner } = catalogue.site;
  const lines = ours.map(({ line }) => line);
  const steps: PlannedStep[] = [];
  if (outcome === 'held') {
    const codes = order.holds.map(({ code }) => code).join('+');
    steps.push(message(order, 'notice', `notice/held/${codes}`, { kind: 'held', outcome, lines, to: [owner.email] }, catalogue));
  }
  if (outcome !== 'paid') return steps;
  const after = grantSteps.map(({ key }) => key);
  const wait = { after, ...(after.length > 0 && { patienceMs: catalogue.site.mailPatienceSeconds * 1000 }) };
  if (owner.sales === 'copy') {
    steps.push({
      ...message(order, 'notice', 'notice/copy', { kind: 'copy', outcome, lines, to: [owner.email] }, catalogue),
      ...wait,
    });
  } else if (owner.sales !== 'none') {
    steps.push({
      ...message(order, 'notice', 'notice/sale', { kind: 'sale', outcome, lines, to: [owner.email] }, catalogue),
      ...wait,
    });
  }
  for (const { sku, line, title } of ours.filter(({ state }) => state === 'parked')) {
    const about = { sku: sku ?? '', title };
    steps.push(
      message(
        order,
        'notice',
        `notice/unknownSku/${line}`,
        { kind: 'unknownSku', outcome, lines: [line], to: [owner.email], about },
        catalogue,
      ),
    );
  }
  return steps;
}

function tellOthers(
  order: Order,
  outcome: OutcomeName,
  ours: readonly OrderLine[],
  catalogues: readonly Catalogue[],
): PlannedStep[] {
  const [catalogue] = catalogues;
  if (!catalogue) return [];
  const to = new Set(
    ours.flatMap(
      ({ sku }) => findProduct(sku, catalogues)?.product.outcomes[outcome]?.tell ?? catalogue.site.outcomes[outcome]?.tell ?? [],
    ),
  );
  const lines = ours.map(({ line }) => line);
  return [...to].map((address) =>
    message(
      order,
      'notice',
      `notice/tell/${outcome}${changeOf(order, outcome)}/${address}`,
      { kind: 'tell', outcome, lines, to: [address] },
      catalogue,
    ),
  );
}

function message(order: Order, verb: 'mail' | 'notice', name: string, input: MessageInput, { version }: Catalogue): PlannedStep {
  return {
    key: `${order.id}/${name}`,
    orderId: order.id,
    verb,
    action: input.outcome,
    account: 'mail',
    input,
    after: [],
    configVersion: version,
  };
}
