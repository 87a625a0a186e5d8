import { HandoverError } from '../contract/errors.ts';
import type { Order } from '../contract/order.ts';
import type { Store } from '../storage/store.ts';
import { byOption, jsonOption, type Command } from './command.ts';
import { findOneOrder } from './find-order.ts';
import { notParked } from './find-step.ts';
import { loadShop, withApp, withStore } from './open-shop.ts';
import { readPlace, type Place } from './place.ts';
import { describeRetried, type Retried, type SecondLook } from './retried.ts';
import { readStaffName } from './staff-name.ts';
import { UsageError } from './usage-error.ts';

const callbackForm = /^callback\/(\d{1,15})$/;
const atOnce = 10_000;

/** Puts back on the schedule what waits for a person. */
export const retry: Command = {
  name: 'retry',
  summary: 'Puts parked work back on the schedule, and looks at a held or waiting order again',
  details: [
    'WHAT is an order (all its parked steps; if it is held or waits for a product file, it is compared with the files as they\nare now), the key of one step, or callback/NUMBER.',
    'The site carries it out within a second. A step keeps its key, so what was done already is not done twice where the other\nside recognises repeats.',
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
        'Say one thing to retry: an order, the key of a step, --callbacks or --all.',
        'What is parked: npx handover status',
      );
    }
    const retried = what === undefined ? await retryAll(place, by, input.has('all')) : await retryOne(place, what, by);
    if (input.has('json')) terminal.printJson(retried);
    else terminal.print(describeRetried(retried).join('\n'));
    return 0;
  },
};

async function retryAll(place: Place, by: string, alsoSteps: boolean): Promise<Retried> {
  return withStore(place, async (store) => {
    const callbacks = (await store.parkedCallbacks(atOnce)).map(({ id }) => id);
    const parked = alsoSteps ? await store.parkedSteps(atOnce) : [];
    const steps = parked.filter(({ error, verb }) => verb !== 'task' && error?.code !== 'TASK_OPEN').map(({ key }) => key);
    return {
      callbacks: await thoseOf(callbacks, (id) => store.retryCallback(id, by)),
      steps: await retrySteps(place, store, steps, by),
    };
  });
}

async function retryOne(place: Place, what: string, by: string): Promise<Retried> {
  const callback = callbackForm.exec(what)?.[1];
  if (callback !== undefined) return withStore(place, (store) => retryCallback(store, Number(callback), by));
  if (what.includes('/')) return withStore(place, (store) => retryStep(place, store, what, by));
  const { order, steps } = await withStore(place, async (store) => {
    const record = await findOneOrder(store, what);
    const parked = record.steps
      .filter(({ state, verb, error }) => state === 'parked' && verb !== 'task' && error?.code !== 'TASK_OPEN')
      .map(({ key }) => key);
    return { order: record.order, steps: await retrySteps(place, store, parked, by) };
  });
  const look = order.status === 'held' || isWaiting(order) ? await lookAgain(place, order) : undefined;
  return { steps, callbacks: [], ...(look && { order: look }) };
}

async function retryCallback(store: Store, id: number, by: string): Promise<Retried> {
  if (await store.retryCallback(id, by)) return { steps: [], callbacks: [id] };
  throw new HandoverError('CALLBACK_NOT_PARKED', `There is no parked callback ${id}.`, {
    hint: 'It may have been read meanwhile. See: npx handover status',
  });
}

async function retryStep(place: Place, store: Store, key: string, by: string): Promise<Retried> {
  if ((await retrySteps(place, store, [key], by)).length > 0) return { steps: [key], callbacks: [] };
  throw await notParked(store, key);
}

/** As the product files say now; while they cannot be read, as the steps were planned. */
async function retrySteps(place: Place, store: Store, keys: readonly string[], by: string): Promise<string[]> {
  if (keys.length === 0) return [];
  const shop = await loadShop(place).catch(() => undefined);
  if (!shop) return thoseOf(keys, (key) => store.retryStep(key, by));
  return withApp(place, (app) => thoseOf(keys, (key) => app.retryStep(key, by)));
}

async function lookAgain(place: Place, before: Order): Promise<SecondLook> {
  return withApp(place, async (app) => {
    await app.reconsider(before.id);
    const order = (await app.store.findOrder(before.id))?.order ?? before;
    return { id: order.id, before: before.status, now: order.status, holds: order.holds, isWaiting: isWaiting(order) };
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
