import type { PaymentEvent, Repeats } from '../../../src/contract/index.ts';
import { orderNumber } from '../../../src/orders/order-number.ts';
import type { Catalogue } from '../../../src/processes/find-product.ts';
import { catalogue, product } from '../../support/catalogue.ts';
import { cartModel, middleOf, subscriptionModel, type Model } from '../../support/history-model.ts';
import type { Chance } from '../chance.ts';
import { classes } from './target.ts';

/** One purchase with what happens to it, in the words of the model and in those of the shop. */
export interface Purchase {
  readonly name: string;
  readonly order: string;
  readonly model: Model;
  readonly happened: readonly PaymentEvent[];
  readonly told: readonly PaymentEvent[];
}

/** Something the shop is told: a callback, or a decision of staff. */
export interface Delivery {
  readonly id: string;
  readonly atMs: number;
  readonly events: readonly PaymentEvent[];
  readonly isCallback: boolean;
}

/** Everything that is decided before a schedule begins. */
export interface Schedule {
  readonly seed: number;
  readonly catalogue: Catalogue;
  readonly purchases: readonly Purchase[];
  readonly deliveries: readonly Delivery[];
  readonly workers: number;
  /** By which clock the story begins and ends, milliseconds since 1970. */
  readonly begin: number;
  readonly end: number;
  /** How long things go wrong. */
  readonly troubleMs: number;
  /** Out of a thousand calls, how many go wrong there. */
  readonly perMille: { readonly death: number; readonly store: number; readonly target: number };
  /** A new process sees at once that the one before it is dead. */
  readonly isOneMachine: boolean;
  readonly parallel: number;
  readonly timeoutSeconds: number;
}

const own = /^(clock|order|refund|grant|learner|buyer)\./;
const catalogues = new Map<string, Catalogue>();

export function drawSchedule(seed: number, dice: Chance): Schedule {
  const count = dice.below(3) === 0 ? 2 : 1;
  const purchases = Array.from({ length: count }, (_, index) => drawPurchase(index + 1, dice));
  const first = dice.below(100);
  const troubleMs = dice.between(10_000, 40_000);
  return {
    seed,
    catalogue: shopOf([pick(classes, dice), pick(classes, dice), pick(classes, dice)]),
    purchases,
    deliveries: purchases.flatMap((purchase) => drawDeliveries(purchase, troubleMs, dice)),
    workers: dice.between(1, 3),
    begin: middleOf(first),
    end: middleOf(first + dice.below(40)),
    troubleMs,
    perMille: { death: pick([0, 5, 15, 40], dice), store: pick([0, 20, 80], dice), target: pick([0, 150, 400], dice) },
    isOneMachine: dice.below(2) === 0,
    parallel: dice.between(1, 4),
    timeoutSeconds: pick([3, 25], dice),
  };
}

export function pick<T>(list: readonly T[], dice: Chance): T {
  return list[dice.below(list.length)] as T;
}

/** Three products, each given at a system of one class. */
function shopOf(given: readonly Repeats[]): Catalogue {
  const name = given.join(' ');
  const [course, book, monthly] = given.map((each) => ({ course: { action: `${each}.give`, with: {} } }));
  const known =
    catalogues.get(name) ??
    catalogue([
      product('TS-101', { grants: course! }),
      product('BOOK-1', { price: '19.00 EUR', grants: book! }),
      product('MONTHLY', { price: '20.00 EUR', grants: monthly! }),
    ]);
  catalogues.set(name, known);
  return known;
}

function drawPurchase(number: number, dice: Chance): Purchase {
  const name = `cs_${number}`;
  const order = orderNumber('stripe', name);
  const model = dice.below(2) === 0 ? cartModel(order) : subscriptionModel();
  const isBegun = dice.below(8) > 0;
  const paid = model.events.find(({ kind }) => kind === 'payment.completed');
  const others = dice.shuffle(model.events.filter((event) => event !== paid)).slice(0, dice.below(5));
  const happened = [...(paid && (isBegun || others.length === 0) ? [paid] : []), ...others];
  const ofThis = (text: string): string => (text === 'cs_1' ? name : `${text}_${number}`);
  const told = happened.map((event) => ({
    ...event,
    id: `${event.id}_${number}`,
    purchase: name,
    payment: ofThis(event.payment),
  }));
  return { name, order, model, happened, told };
}

/** Each event at least once, in any order: some twice, some two together, what happened first perhaps last. */
function drawDeliveries({ name, told }: Purchase, withinMs: number, dice: Chance): Delivery[] {
  const deliveries: Delivery[] = [];
  const add = (events: readonly PaymentEvent[], isCallback: boolean): void =>
    void deliveries.push({ id: `${name} delivery ${deliveries.length + 1}`, atMs: dice.below(withinMs), events, isCallback });
  const byCallback = told.filter(({ kind }) => !own.test(kind));
  for (const event of told) {
    if (own.test(event.kind)) add([event], false);
    else add(dice.below(6) === 0 ? [event, pick(byCallback, dice)] : [event], true);
    if (dice.below(5) === 0) add([event], !own.test(event.kind));
  }
  return deliveries;
}
