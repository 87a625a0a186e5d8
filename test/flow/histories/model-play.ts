import { importKeys } from '../../../src/fulfilment/key-pools.ts';
import type { PaymentEvent } from '../../../src/contract/index.ts';
import { orderNumber } from '../../../src/orders/order-number.ts';
import { cartModel, dayMs, middleOf, subscriptionModel, type Model } from '../../support/history-model.ts';
import { openSite, type Site } from '../../support/open-site.ts';
import { settings } from '../shop.ts';
import { createChance } from './chance.ts';
import { onMemory } from './memory.ts';
import { callbackOf, modelGateways, sandboxSecret, standardSecret, type ModelGateway } from './model-callbacks.ts';

export interface ModelTerms {
  readonly histories: number;
  readonly seed: number;
  /** @default each in turn */
  readonly gateway?: ModelGateway | undefined;
}

/** A purchase whose books differ from its model, with what is needed to see why. */
export interface Difference {
  readonly history: number;
  readonly gateway: ModelGateway;
  readonly model: string;
  readonly day: number;
  readonly known: readonly string[];
  readonly wanted: readonly string[];
  readonly found: readonly string[];
}

export interface ModelReport {
  readonly callbacks: number;
  readonly cut: number;
  readonly differences: readonly Difference[];
}

interface History {
  readonly number: number;
  readonly gateway: ModelGateway;
  readonly purchase: string;
  readonly order: string;
  readonly model: Model;
  readonly known: readonly PaymentEvent[];
  readonly arrivals: readonly Arrival[];
  /** When its books are looked at. */
  readonly until: number;
}

interface Arrival {
  readonly day: number;
  readonly event: PaymentEvent;
  readonly delivery: string;
  /** The connection breaks off, and the gateway sends it again. */
  readonly isCut: boolean;
}

/** Days on which nothing ends by itself. */
const lookingDays = [20, 35, 45, 50, 66, 80, 100];

/**
 * Turns random parts of the models' histories into callbacks, sends them repeated, shuffled, late and cut off, and compares the
 * books of the LMS and of the keys with what the model says. The same seed plays the same histories.
 */
export async function playModels({ histories, seed, gateway }: ModelTerms): Promise<ModelReport> {
  const all = Array.from({ length: histories }, (_, number) => historyOf(number, seed, gateway));
  let now = new Date(middleOf(0));
  const shop = await openModelShop(() => now);
  const differences: Difference[] = [];
  let [callbacks, cut] = [0, 0];
  try {
    const days = [...new Set(all.flatMap(({ arrivals, until }) => [until, ...arrivals.map(({ day }) => day)]))];
    for (const day of days.toSorted((a, b) => a - b)) {
      now = new Date(middleOf(day));
      shop.site.app.runner.wake();
      await shop.site.finishesItsSteps();
      const due = all.map(({ arrivals, ...history }) => ({ history, left: arrivals.filter((arrival) => arrival.day === day) }));
      while (due.some(({ left }) => left.length > 0)) {
        await Promise.all(
          due.map(async ({ history, left }) => {
            const arrival = left.shift();
            if (!arrival) return;
            callbacks += 1;
            if (arrival.isCut) cut += 1;
            await arrive(shop.site, history.gateway, arrival, () => now);
          }),
        );
        await shop.site.finishesItsSteps();
      }
      for (const history of all.filter(({ until }) => until === day))
        differences.push(...(await compare(shop.site, history, now)));
    }
  } finally {
    await shop.close();
  }
  return { callbacks, cut, differences };
}

function historyOf(number: number, seed: number, wanted: ModelGateway | undefined): History {
  const chance = createChance(`${seed} ${number}`);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!;
  const gateway = wanted ?? modelGateways[number % modelGateways.length]!;
  const purchase = `sbx_history${seed}_${number}`;
  const order = orderNumber(gateway, purchase);
  const model = number % 3 === 0 ? subscriptionModel() : cartModel(order);
  const until = pick(lookingDays);
  const share = pick([0.3, 0.6, 1]);
  const known = model.events.filter(({ at }) => dayOf(at) < until - 1 && chance() <= share);
  const arrivals = known.flatMap((event, index) => {
    const delivery = `msg_${purchase}_${index}`;
    return Array.from({ length: pick([1, 1, 2]) }, () => {
      const happened = Math.ceil(dayOf(event.at));
      const day = chance() < 0.5 ? happened : happened + Math.floor(chance() * (until - happened));
      return { day, event: ownOf(event, gateway, purchase, number), delivery, isCut: chance() < 0.1, place: chance() };
    });
  });
  return { number, gateway, purchase, order, model, known, arrivals: arrivals.toSorted((a, b) => a.place - b.place), until };
}

function dayOf(at: string): number {
  return (Date.parse(at) - middleOf(0)) / dayMs + 0.77;
}

/** The model's event as one of this history's: its own names, its own people. */
function ownOf(event: PaymentEvent, gateway: ModelGateway, purchase: string, number: number): PaymentEvent {
  const text = JSON.stringify(event).replace(/"(ada|bo)@example\.org"/g, `"$1${number}@example.org"`);
  const own = JSON.parse(text) as PaymentEvent;
  return {
    ...own,
    gateway,
    mode: 'test',
    purchase,
    id: `${purchase}:${event.id}`,
    payment: event.payment === 'cs_1' ? purchase : `${purchase}_${event.payment}`,
    ...(event.reversal !== undefined && { reversal: `${purchase}_${event.reversal}` }),
  };
}

async function arrive(site: Site, gateway: ModelGateway, { event, delivery, isCut }: Arrival, now: () => Date): Promise<void> {
  if (event.staff) {
    await site.app.record([event]);
    return;
  }
  const callback = callbackOf(event, gateway, delivery, now);
  const headers = callback.headers();
  if (isCut) {
    const broken = await site.receives({ body: callback.body.slice(0, -20), headers }, gateway);
    if (broken.status !== 400) throw new Error(`Half a callback was answered with ${broken.status}.`);
  }
  const { status, text } = await site.receives({ body: callback.body, headers }, gateway);
  if (status !== 200) throw new Error(`${gateway} was answered with ${status} ${text}`);
}

/** Courses by the LMS's books, booklets by the shop's ledger and the stock of keys. */
async function compare(site: Site, history: History, now: Date): Promise<Difference[]> {
  const { number, gateway, order, purchase, model, known, until } = history;
  const record = await site.app.store.findPurchase(gateway, purchase);
  const today = now.toISOString().slice(0, 10).replaceAll('-', '');
  const atLms = site.lms.books.enrolments.flatMap(({ email, end }) => {
    const [, who, of] = /^(ada|bo)(\d+)@/.exec(email) ?? [];
    return of === String(number) ? [{ who: who === 'ada' ? 'buyer' : 'bo@example.org', isOpen: end === '' || end >= today }] : [];
  });
  const places = (record?.grants ?? []).map(({ id, wanted }) => ({ place: id.slice(order.length + 1), wanted }));
  const booklets = places.filter(({ place }) => place.startsWith('2/'));
  const keys = await site.app.store.keysHeldBy((record?.steps ?? []).map(({ key }) => key));
  const held = keys.flatMap(({ state, holder = '' }) => (state === 'taken' ? [holder.slice(order.length + 1)] : []));
  const found = [
    ...atLms.filter(({ isOpen }) => isOpen).map(({ who }) => `1/1/course ${who}`),
    ...booklets.filter(({ wanted }) => wanted === 'granted').map(({ place }) => `${place} buyer`),
    ...model
      .gone(known)
      .filter((place) => (place.startsWith('1/') ? atLms.length > 0 : held.some((holder) => holder.startsWith(`${place}/`))))
      .map((place) => `${place} is not gone`),
  ].toSorted();
  const wanted = model
    .granted(known, now.getTime())
    .map((holder) => holder.replace(/ \d+$/, ''))
    .toSorted();
  if (JSON.stringify(found) === JSON.stringify(wanted)) return [];
  const names = known.map(({ kind, reversal }) => (reversal === undefined ? kind : `${kind} ${reversal}`));
  return [{ history: number, gateway, model: model.name, day: until, known: names, wanted, found }];
}

/** Mails are judged elsewhere. */
const silent = Object.fromEntries(
  [
    'pending',
    'paid',
    'partly',
    'declined',
    'refunded',
    'partlyRefunded',
    'disputed',
    'disputeWon',
    'renewed',
    'renewalFailed',
    'ended',
  ].map((outcome) => [outcome, { mail: false }]),
);

async function openModelShop(now: () => Date): Promise<{ site: Site; close(): Promise<void> }> {
  const memory = await onMemory();
  const gateways = {
    sandbox: { secret: { env: 'SANDBOX_SECRET' } },
    'standard-webhooks': { use: 'signed', secrets: [{ env: 'STANDARD_SECRET' }] },
  };
  const course = (id: string) => ({ course: { action: 'axis-lms.enrol', with: { course: id } } });
  const key = { course: { action: 'test-pro.issueKey', with: { source: 'stock' } } };
  const product = (sku: string, price: string, grants: object) => ({ sku, title: sku, price, grants });
  const site = await openSite('examples/minimal', {
    files: {
      'handover.json': settings({ site: { gateways, owner: { email: 'owner@example.org', sales: 'none' }, outcomes: silent } }),
      'products/TS-101.json': product('TS-101', '49.00 EUR', course('17')),
      'products/BOOK-1.json': product('BOOK-1', '19.00 EUR', key),
      'products/MONTHLY.json': product('MONTHLY', '20.00 EUR', course('20')),
    },
    handover: { now, env: { SANDBOX_SECRET: sandboxSecret, STANDARD_SECRET: standardSecret }, store: memory.store },
    lms: { now },
  });
  site.lms.addCourse({ id: '17', name: 'TypeScript in a week' });
  site.lms.addCourse({ id: '20', name: 'Club' });
  const keys = Array.from({ length: 20_000 }, (_, index) => `KEY-${100_000 + index}`).join('\n');
  await importKeys(site.app.store, site.app.sealer(), 'stock', keys);
  return {
    site,
    async close() {
      await site.close();
      await memory.remove();
    },
  };
}
