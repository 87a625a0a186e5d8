import { setTimeout as sleep } from 'node:timers/promises';
import { readOrder, whereTo, type OrderPage } from './browser.ts';
import type { StandIns } from './stand-ins.ts';

const patienceMs = 30_000;
const lookEveryMs = 10;

export type Say = (what: string, at?: Date) => void;

/** Follows the buyer's browser back from the payment page to the order, and says what it sees happen, each thing once. */
export async function watchDelivery(returnUrl: string, { mailbox }: StandIns, say: Say): Promise<OrderPage> {
  const sayOnce = onlyOnce(say);
  const before = mailbox.messages.length;
  const mails = () => mailbox.messages.slice(before);

  const url = await waitFor('the order appears', () => whereTo(returnUrl));
  let order = await readOrder(url);
  sayOnce(`order ${order.order} is in the books: ${order.total.text}, paid`);
  await waitFor('everything is delivered', async () => {
    order = await readOrder(url);
    for (const what of deliveredBy(order)) sayOnce(what);
    for (const { to, parsed, receivedAt } of mails()) sayOnce(`mail to ${to.join(', ')}: ${parsed.subject ?? ''}`, receivedAt);
    return openOf(order).length === 0 && mails().length >= 2 ? true : undefined;
  }).catch((error: unknown) => {
    const open = openOf(order).join('; ') || 'a mail is missing';
    throw new Error(`${error instanceof Error ? error.message : ''} The order is "${order.outcome}": ${open}.`, { cause: error });
  });
  return order;
}

function onlyOnce(say: Say): Say {
  const said = new Set<string>();
  return (what, at) => {
    if (said.has(what)) return;
    said.add(what);
    say(what, at);
  };
}

function deliveredBy({ items }: OrderPage): string[] {
  return items.flatMap(({ title, grants }) =>
    grants.flatMap(({ outputs }) => {
      const values = (output: string): readonly string[] => outputs[output]?.values ?? [];
      const enrolled = values('username').map((user) => `enrolled: ${user} in "${title}" until ${values('end').join()}`);
      return [...enrolled, ...values('key').map((key) => `key issued: ${key} for "${title}"`)];
    }),
  );
}

function openOf({ items }: OrderPage): string[] {
  return items.flatMap(({ title, grants }) =>
    grants.flatMap(({ name, state }) => (state === 'ready' ? [] : [`${name} of "${title}" is ${state}`])),
  );
}

async function waitFor<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`After ${patienceMs / 1000} s we still wait until ${what}.`);
    await sleep(lookEveryMs);
  }
}
