import type { Order } from '../contract/order.ts';
import { HandoverError } from '../contract/errors.ts';
import type { Store } from '../storage/store.ts';
import { byOption, jsonOption, type Command } from './command.ts';
import { findOneOrder } from './find-order.ts';
import { withApp, withStore } from './open-shop.ts';
import { readPlace, type Place } from './place.ts';
import { readStaffName } from './staff-name.ts';
import { UsageError } from './usage-error.ts';

/** What a retry came to. */
interface Retried {
  readonly steps: readonly string[];
  readonly callbacks: readonly number[];
  /** An order that was looked at again with the files as they are now. */
  readonly order?: {
    readonly id: string;
    readonly before: string;
    readonly now: string;
    readonly holds: readonly string[];
    readonly isWaiting: boolean;
  };
}

const callbackForm = /^callback\/(\d{1,15})$/;
const atOnce = 10_000;

/** Puts back on the schedule what waits for a person. */
export const retry: Command = {
  name: 'retry',
  summary: 'Puts parked work back on the schedule, and looks at a held or waiting order again',
  details: [
    'WHAT is an order (all its parked steps; if it is held or waits for a product file, it is compared with the files as they\nare now), the key of one step, or callback/NUMBER. The site carries it out within a second; a step keeps its key, so what was\ndone already is not done twice where the other side recognises repeats.',
  ],
  operands: [{ name: 'WHAT', optional: true }],
  options: {
    callbacks: { summary: 'All parked callbacks' },
    all: { summary: 'All parked callbacks and all parked steps' },
    by: byOption,
    json: jsonOption,
  },
  examples: ['npx handover retry K3M9-2QXT-7BHD', 'npx handover retry --callbacks'],

  async run(input, terminal) {
    const [what] = input.operands;
    const place = readPlace(input);
    const by = readStaffName(input);
    const several = input.has('callbacks') || input.has('all');
    if ((what === undefined) === !several) {
      throw new UsageError(
        'ARGUMENT_MISSING',
        'Say what to retry: an order, the key of a step, --callbacks or --all; one of them.',
        'What is parked: npx handover status',
      );
    }
    const retried = what === undefined ? await retryAll(place, by, input.has('all')) : await retryOne(place, what, by);
    if (input.has('json')) terminal.printJson(retried);
    else terminal.print(describe(retried).join('\n'));
    return 0;
  },
};

async function retryAll(place: Place, by: string, alsoSteps: boolean): Promise<Retried> {
  return withStore(place, async (store) => {
    const parked = await store.parkedCallbacks(atOnce);
    const steps = alsoSteps ? await store.parkedSteps(atOnce) : [];
    return {
      callbacks: await thoseOf(
        parked.map(({ id }) => id),
        (id) => store.retryCallback(id, by),
      ),
      steps: await thoseOf(
        steps.map(({ key }) => key),
        (key) => store.retryStep(key, by),
      ),
    };
  });
}

async function retryOne(place: Place, what: string, by: string): Promise<Retried> {
  const callback = callbackForm.exec(what)?.[1];
  if (callback !== undefined) return withStore(place, (store) => retryCallback(store, Number(callback), by));
  if (what.includes('/')) return withStore(place, (store) => retryStep(store, what, by));
  const { order, steps } = await withStore(place, async (store) => {
    const record = await findOneOrder(store, what);
    const parked = record.steps.filter(({ state }) => state === 'parked').map(({ key }) => key);
    return { order: record.order, steps: await thoseOf(parked, (key) => store.retryStep(key, by)) };
  });
  if (order.status !== 'held' && !isWaiting(order)) return { steps, callbacks: [] };
  return { steps, callbacks: [], order: await lookAgain(place, order) };
}

async function retryCallback(store: Store, id: number, by: string): Promise<Retried> {
  if (await store.retryCallback(id, by)) return { steps: [], callbacks: [id] };
  throw new HandoverError('CALLBACK_NOT_PARKED', `There is no parked callback ${id}.`, {
    hint: 'It may have been read meanwhile. See: npx handover status',
  });
}

async function retryStep(store: Store, key: string, by: string): Promise<Retried> {
  if (await store.retryStep(key, by)) return { steps: [key], callbacks: [] };
  throw await notParked(store, key);
}

/** Why a step cannot be retried or marked: it is in another state, or there is none. */
export async function notParked(store: Store, key: string): Promise<HandoverError> {
  const step = (await store.findOrder(key.slice(0, key.indexOf('/'))))?.steps.find((each) => each.key === key);
  if (step)
    return new HandoverError('STEP_NOT_PARKED', `The step ${key} is ${step.state}, not parked.`, {
      hint: `See: npx handover order ${step.orderId}`,
    });
  return new HandoverError('STEP_UNKNOWN', `No parked step has the key "${key}".`, {
    hint: 'The keys of its steps are shown by: npx handover order ORDER',
  });
}

async function lookAgain(place: Place, before: Order): Promise<NonNullable<Retried['order']>> {
  return withApp(place, async (app) => {
    await app.reconsider(before.id);
    const order = (await app.store.findOrder(before.id))?.order ?? before;
    return {
      id: order.id,
      before: before.status,
      now: order.status,
      holds: order.holds.map(({ code, message }) => `${code}  ${message}`),
      isWaiting: isWaiting(order),
    };
  });
}

function isWaiting({ lines }: Order): boolean {
  return lines.some(({ state }) => state === 'parked');
}

/** Those for which it came true, one after the other: another process may have been faster. */
async function thoseOf<T>(all: readonly T[], act: (one: T) => Promise<boolean>): Promise<T[]> {
  const done: T[] = [];
  for (const one of all) if (await act(one)) done.push(one);
  return done;
}

function describe({ steps, callbacks, order }: Retried): string[] {
  const lines = [
    ...(steps.length > 0 ? [`${count(steps.length, 'step')} back on the schedule:`, ...steps.map((key) => `  ${key}`)] : []),
    ...(callbacks.length > 0 ? [`${count(callbacks.length, 'callback')} back on the schedule: ${callbacks.join(', ')}`] : []),
    ...(order ? describeOrder(order) : []),
  ];
  return lines.length > 0 ? lines : ['Nothing of it is parked.'];
}

function describeOrder({ id, before, now, holds, isWaiting: waits }: NonNullable<Retried['order']>): string[] {
  if (now === 'held')
    return [
      `Order ${id} is still held:`,
      ...holds.map((hold) => `  ${hold}`),
      `To accept it as it is: npx handover release ${id} --because "..."`,
    ];
  return [
    now === before ? `Order ${id} is ${now}.` : `Order ${id} went from ${before} to ${now}.`,
    ...(waits ? ['It still waits for a product file.'] : []),
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
