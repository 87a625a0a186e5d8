import type { PaymentEvent } from '../../../src/contract/index.ts';
import { giftEvent } from '../../../src/gateways/index.ts';
import type { OrderRecord } from '../../../src/storage/store.ts';
import { decided } from '../../../src/wiring/own-events.ts';
import type { Site } from '../../support/open-site.ts';
import { createChance } from './chance.ts';
import type { School } from './open-school.ts';
import type { Outcome, Stage, Story } from './story.ts';
import { abilitiesOf, next, type DeskWork, type Goods, type Item, type Sale, type Teller, type Told } from './teller.ts';

/** `live`: told as it happens, twice, with the site restarted in between. A number: told afterwards, in that shuffle. */
export type Order = 'live' | number;

/** A story with one gateway in one order. */
interface Run {
  readonly story: Story;
  readonly teller: Teller;
  readonly order: Order;
  readonly stage: Stage;
  readonly acts: readonly { readonly day: number; readonly happens: () => Told[] }[];
  readonly told: Told[];
  /** What a desk could not do yet. */
  waiting: Told[];
}

/** What a run came to: where, and what. */
export interface Played {
  readonly story: string;
  readonly gateway: string;
  readonly order: Order;
  readonly day: number;
  readonly outcome: Required<Outcome>;
}

const orders: readonly Order[] = ['live', 1, 2, 3];

/**
 * Plays every story with every gateway that can tell it, side by side on one site. `everyOrder`: each of them in each order; else
 * in one, the next gateway in the next, so that each story is still told in all of them. `seed` shuffles, and says who begins.
 */
export async function playAll(
  school: School,
  stories: readonly Story[],
  { seed, everyOrder }: { readonly seed: number; readonly everyOrder: boolean },
): Promise<Played[]> {
  const runs = stories.flatMap((story, number) =>
    school.tellers
      .filter((teller) => canTell(teller, story))
      .flatMap((teller, index) => ordersFor(seed + number + index, everyOrder).map((order) => runOf(story, teller, order))),
  );
  const days = [...new Set(runs.flatMap(({ story, acts }) => [story.until, ...daysOf(story), ...acts.map(({ day }) => day)]))];
  const played: Played[] = [];
  for (const day of days.toSorted((a, b) => a - b)) {
    await school.day(day);
    const live: { run: Run; queue: Told[] }[] = [];
    for (const run of runs) {
      const told = run.acts.filter((act) => act.day === day).flatMap((act) => act.happens());
      run.told.push(...told);
      if (run.order === 'live') live.push({ run, queue: [...run.waiting, ...told.flatMap((each) => [each, each])] });
    }
    await inRounds(
      school,
      live.map(({ queue }) => queue),
      true,
    );
    for (const { run, queue } of live) run.waiting = queue;
    const last = runs.filter(({ story, order }) => story.until === day && order !== 'live');
    await inRounds(
      school,
      last.map((run) => shuffled([...run.told, ...run.told], `${seed} ${run.story.name} ${run.order}`)),
      false,
    );
    await school.day(day + 0.9);
    for (const run of runs) {
      const isAsked = run.story.until === day || (run.order === 'live' && daysOf(run.story).includes(day));
      if (isAsked) played.push(await lookAt(school, run, day));
    }
  }
  return played;
}

function ordersFor(turn: number, everyOrder: boolean): readonly Order[] {
  return everyOrder ? orders : [orders[turn % orders.length]!];
}

const known = new WeakMap<Teller, ReturnType<typeof abilitiesOf>>();

export function canTell(teller: Teller, { needs }: Story): boolean {
  const abilities = known.get(teller) ?? abilitiesOf(teller);
  known.set(teller, abilities);
  return needs.every((need) => abilities.has(need));
}

function daysOf({ meanwhile = {} }: Story): number[] {
  return Object.keys(meanwhile).map(Number);
}

function runOf(story: Story, teller: Teller, order: Order): Run {
  const number = next();
  const [email, otherEmail] = [`ada${number}@example.org`, `bo${number}@example.org`];
  const sells = (items: readonly Item[], isMonthly: boolean) =>
    teller.sells({ items, email, isMonthly } satisfies Goods) as Required<Sale>;
  const stage: Stage = {
    email,
    otherEmail,
    sells: (...items) => sells(items, false),
    sellsMonths: (...items) => sells(items, true),
    decides: {
      movesSeat: () => [
        decision(email, 'learner.assigned', () => ({ lines: [1], person: { email: otherEmail, name: 'Bo Example' } })),
      ],
      reissues: (grant) => [decision(email, 'grant.reissued', ({ order: { id } }) => ({ grantId: `${id}/${grant}` }))],
      gives: (sku) => [gift(email, sku)],
    },
  };
  return { story, teller, order, stage, acts: story.happens(stage), told: [], waiting: [] };
}

/** A decision is made once. It waits until there is an order to decide about, paid at some time. */
function decision(
  email: string,
  kind: 'learner.assigned' | 'grant.reissued',
  about: (record: OrderRecord) => Partial<NonNullable<PaymentEvent['staff']>>,
): DeskWork {
  let isMade = false;
  return {
    async act({ app }) {
      if (isMade) return true;
      const [id] = await app.store.ordersOfPerson(email);
      const record = id === undefined ? undefined : await app.store.findOrder(id);
      if (!record || record.order.payments.length === 0) return false;
      isMade = true;
      const staff = { by: 'bo', because: 'Agreed by phone.', ...about(record) };
      await app.reconsider(record.order.id, [decided(record.order, kind, staff, app.now())]);
      return true;
    },
  };
}

function gift(email: string, sku: string): DeskWork {
  return {
    async act({ app }) {
      const offer = await app.edition().offer(sku, 1);
      if (!offer) throw new Error(`Nobody sells ${sku}.`);
      const given = {
        offer,
        quantity: 1,
        to: { email, name: 'Ada Example' },
        because: 'Won the quiz',
        by: 'bo',
        mode: 'test' as const,
      };
      await app.record([giftEvent({ ...given, at: new Date('2026-01-01T00:00:00Z') })]);
      return true;
    },
  };
}

function shuffled(told: readonly Told[], seed: string): Told[] {
  const chance = createChance(seed);
  const left = [...told];
  return told.map(() => left.splice(Math.floor(chance() * left.length), 1)[0]!);
}

/** How many further rounds a desk waits for what it needs; where it never comes, the books will show it. */
const patience = 3;

/** Each run's next telling, all runs at once; then everything is carried out, then the next round. */
async function inRounds(school: School, queues: Told[][], restarts: boolean): Promise<void> {
  const most = Math.max(0, ...queues.map((queue) => queue.length)) + patience;
  for (let round = 0; round < most && queues.some((queue) => queue.length > 0); round += 1) {
    await together(queues, 16, async (queue) => {
      const telling = queue.shift();
      if (telling && !(await deliver(school.site, telling))) queue.push(telling);
    });
    await school.site.finishesItsSteps();
    if (restarts) await school.site.restart();
  }
}

/** False: it has to come again after the others. */
async function deliver(site: Site, telling: Told): Promise<boolean> {
  if ('act' in telling) return telling.act(site);
  const { gateway, body } = telling;
  const { status, text } = await site.receives({ body, headers: telling.headers() }, gateway);
  if (status !== 200) throw new Error(`${gateway} was answered with ${status} ${text} to ${body.slice(0, 300)}`);
  return true;
}

async function together<T>(all: readonly T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const worker = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function lookAt({ site, moodle, now }: School, { story, teller, order, stage }: Run, day: number): Promise<Played> {
  const records: OrderRecord[] = [];
  for (const id of await site.app.store.ordersOfPerson(stage.email)) {
    const record = await site.app.store.findOrder(id);
    if (record) records.push(record);
  }
  const steps = records.flatMap((record) => record.steps);
  const keys = (await site.app.store.keysHeldBy(steps.map(({ key }) => key))).map(({ state }) => state);
  const today = now().toISOString().slice(0, 10).replaceAll('-', '');
  const atAxis = (email: string) =>
    site.lms.books.enrolments
      .filter((enrolment) => enrolment.email === email)
      .map(({ courseId, end }) => (end === '' || end >= today ? courseId : `${courseId} closed`));
  const atMoodle = (email: string) =>
    moodle.books.enrolments
      .filter((enrolment) => enrolment.email === email)
      .map(({ isActive }) => (isActive ? 'moodle' : 'moodle closed'));
  const hers = [...atAxis(stage.email), ...atMoodle(stage.email)];
  const his = [...atAxis(stage.otherEmail), ...atMoodle(stage.otherEmail)].map((access) => `bo: ${access}`);
  return {
    story: story.name,
    gateway: teller.name,
    order,
    day,
    outcome: {
      access: [...hers, ...his].filter((access) => order === 'live' || !access.endsWith('closed')).toSorted(),
      orders: records
        .map((record) => record.order.status)
        .filter((status) => status !== 'expired')
        .toSorted(),
      asked: steps.flatMap(({ state, error }) => (state === 'parked' ? [error?.code ?? ''] : [])),
      keys: keys.filter((state) => state === 'taken').length,
      mails: site.mailbox.subjectsFor(stage.email).filter((subject) => !subject.startsWith('How to pay')).length,
    },
  };
}
