import type { Grant, Order, PaymentEvent, PlannedStep, Step } from '../../src/contract/index.ts';
import { parseMoney } from '../../src/contract/index.ts';
import { applyEvents } from '../../src/orders/apply-events.ts';
import { matchOrder } from '../../src/orders/match-order.ts';
import { findProduct, type Catalogue } from '../../src/processes/find-product.ts';
import { planSteps } from '../../src/processes/plan-steps.ts';

/** The pure moves joined on paper: events in, steps carried out one at a time, and a book of what stands at the other side. */
export class PaperShop {
  order: Order | undefined;
  grants: readonly Grant[] = [];
  steps: Step[] = [];
  /** What the other side has: grant id → state. */
  readonly book = new Map<string, 'granted' | 'suspended'>();
  /** Who has it there, and in which edition: `<grant> <e-mail> <edition>` → state and end. */
  readonly holders = new Map<string, { state: 'granted' | 'suspended'; until: string | undefined }>();
  /** Milliseconds since 1970. Steps for later wait for it. */
  now = Number.MAX_SAFE_INTEGER;
  catalogues: readonly Catalogue[];
  #events: PaymentEvent[] = [];

  constructor(...catalogues: Catalogue[]) {
    this.catalogues = catalogues;
  }

  receives(...events: PaymentEvent[]): this {
    for (const event of events) {
      if (!this.#events.some(({ id }) => id === event.id)) this.#events.push(event);
      this.#decide();
    }
    return this;
  }

  reconsiders(): this {
    this.#decide();
    return this;
  }

  /** Carries out the first step that is due, if any. `fails`: it will be tried again, its effect made (`after`) or not (`before`). */
  carriesOutOne({ fails }: { fails?: 'before' | 'after' } = {}): boolean {
    const due = this.steps.find((step) => step.state === 'ready' && (step.notBefore ?? 0) <= this.now && this.#settled(step));
    if (!due) return false;
    if (due.verb === 'task') {
      this.#replace(due, { begun: true, state: 'parked' });
      return true;
    }
    if (due.verb === 'clock' && fails !== 'before') this.receives(this.#clockPassed(due));
    else if (due.grantId !== undefined && fails !== 'before') this.#act(due.grantId, due);
    const current = this.steps.find(({ key }) => key === due.key) ?? due;
    this.#replace(current, { begun: true, attempts: due.attempts + 1, ...(!fails && { state: 'done' }) });
    return true;
  }

  carriesOutAll(): this {
    while (this.carriesOutOne());
    return this;
  }

  keys(): string[] {
    return this.steps.filter(({ state }) => state !== 'cancelled').map(({ key, orderId }) => key.slice(orderId.length + 1));
  }

  #decide(): void {
    const first = this.#events[0];
    if (!first) return;
    const applied = applyEvents(first.gateway, first.purchase, this.#events);
    const matched = matchOrder(applied, {
      mode: 'live',
      receivers: [],
      ignoreSkus: ['MUG-*'],
      isEmailAddress: (text) => text.includes('@'),
      pricing: (sku) => {
        const product = findProduct(sku, this.catalogues)?.product;
        return (
          product && {
            prices: [product.price].flat().map((price) => parseMoney(price)!),
            discounts: 'hold',
            taxes: 'included',
            trials: product.trials,
          }
        );
      },
    });
    const order = { ...matched, configVersion: this.catalogues[0]!.version };
    const before = { grants: this.grants, steps: this.steps, ...(this.order && { order: this.order }) };
    const plan = planSteps(order, before, this.catalogues, (_action, _input, quantity) => ({ units: quantity, renews: true }));
    this.order = plan.order;
    this.grants = plan.grants;
    for (const key of plan.cancel) {
      const step = this.steps.find((each) => each.key === key);
      if (step && step.state !== 'done') this.#replace(step, { state: 'cancelled' });
    }
    for (const step of plan.steps) this.#add(step);
  }

  #add(step: PlannedStep): void {
    if (this.steps.some(({ key }) => key === step.key)) return;
    this.steps.push({ ...step, state: 'ready', attempts: 0, begun: false, runAt: 0, createdAt: 0, scheduledAt: 0, updatedAt: 0 });
  }

  #settled({ after }: Step): boolean {
    return after.every((key) =>
      this.steps.some((step) => step.key === key && (step.state === 'done' || step.state === 'cancelled')),
    );
  }

  #replace(step: Step, changes: Partial<Step>): void {
    this.steps = this.steps.map((each) => (each === step ? { ...each, ...changes } : each));
  }

  #clockPassed({ notBefore = 0 }: Step): PaymentEvent {
    const [first] = this.#events;
    const at = new Date(notBefore).toISOString();
    return {
      ...first!,
      kind: 'clock.passed',
      id: `clock/${at}`,
      at,
      payment: first!.purchase,
      lines: undefined!,
      amount: undefined!,
    };
  }

  #act(grantId: string, { verb, terms }: Step): void {
    const holder = `${grantId} ${terms?.learner?.email ?? 'buyer'} ${terms?.edition ?? 0}`;
    if (verb === 'revoke') this.holders.delete(holder);
    else if (verb === 'grant' || this.holders.has(holder))
      this.holders.set(holder, {
        state: verb === 'suspend' ? 'suspended' : verb === 'renew' ? (this.holders.get(holder)?.state ?? 'granted') : 'granted',
        until: verb === 'grant' || verb === 'renew' ? terms?.until : this.holders.get(holder)?.until,
      });
    if (verb === 'revoke') this.book.delete(grantId);
    else if (verb === 'grant') this.book.set(grantId, 'granted');
    else if (this.book.has(grantId)) this.book.set(grantId, verb === 'suspend' ? 'suspended' : 'granted');
  }
}
