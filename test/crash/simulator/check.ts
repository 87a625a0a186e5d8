import type { Purchase, Schedule } from './schedule.ts';
import type { MemoryStore } from './memory-store.ts';
import { classes } from './target.ts';
import type { Book, Item } from './target.ts';

/** What the histories' own model says must stand, against what the other sides have; and whether the store says so too. */
export function check(schedule: Schedule, book: Book, memory: MemoryStore, acknowledged: ReadonlySet<string>): string[] {
  return [
    ...schedule.purchases.flatMap((purchase) => checkPurchase(purchase, schedule, book, memory)),
    ...checkGivenOnce(book),
    ...checkCallbacks(memory, acknowledged),
    ...checkSteps(memory, book),
  ];
}

function checkPurchase({ order, model, happened }: Purchase, { end }: Schedule, book: Book, memory: MemoryStore): string[] {
  const editions = editionsIn(memory);
  const nameOf = ({ grant, email, step }: Item): string =>
    `${grant.slice(order.length + 1)} ${email === 'ada@example.org' ? 'buyer' : email} ${editions.get(step) ?? 0}`;
  const has = book.items.filter(({ grant }) => grant.startsWith(`${order}/`));
  const granted = has.filter(({ state }) => state === 'granted').map(nameOf).sort(); // prettier-ignore
  const due = model.granted(happened, end).sort();
  const problems = granted.join() === due.join() ? [] : [`${order}: has [${granted.join(', ')}] instead of [${due.join(', ')}]`];
  for (const place of model.gone(happened)) {
    if (has.some((item) => nameOf(item).startsWith(`${place} `))) problems.push(`${order}: ${place} was paid back and is there`);
  }
  return problems;
}

function editionsIn(memory: MemoryStore): Map<string, number> {
  const rows = memory.all<{ key: string; edition: number | null }>(
    "SELECT key, json_extract(terms, '$.edition') AS edition FROM steps WHERE grant_id IS NOT NULL",
  );
  return new Map(rows.map(({ key, edition }) => [key, edition ?? 0]));
}

/** Nothing is given twice under one step, in no class: who cannot tell goes to a person, who looks first. */
function checkGivenOnce(book: Book): string[] {
  return [...book.given].filter(([, times]) => times > 1).map(([step, times]) => `${step} gave something ${times} times`);
}

function checkCallbacks(memory: MemoryStore, acknowledged: ReadonlySet<string>): string[] {
  const states = new Map(
    memory
      .all<{ id: string; state: string }>('SELECT delivery_id AS id, state FROM callbacks')
      .map(({ id, state }) => [id, state]),
  );
  return [...acknowledged]
    .filter((id) => states.get(id) !== 'done')
    .map((id) => `${id} was acknowledged and is ${states.get(id) ?? 'lost'}`);
}

function checkSteps(memory: MemoryStore, book: Book): string[] {
  const unsent = memory
    .all<{ key: string }>("SELECT key FROM steps WHERE verb IN ('mail', 'notice') AND state = 'done'")
    .filter(({ key }) => !book.mails.has(key));
  const twice = memory.all<{ step_key: string; times: number }>(
    "SELECT step_key, COUNT(*) AS times FROM history WHERE kind = 'done' GROUP BY step_key HAVING COUNT(*) > 1",
  );
  const parked = memory.all<{ key: string; problem: string }>(
    "SELECT key, problem FROM steps WHERE state = 'parked' AND verb <> 'task'",
  );
  return [
    ...unsent.map(({ key }) => `${key} is done, and no mail went out`),
    ...twice.map(({ step_key: key, times }) => `${key} was finished ${times} times`),
    ...parked.map(({ key, problem }) => `${key} is parked: ${problem}`),
  ];
}

/** Of which classes something was given, for whoever counts what schedules reach. */
export function classesIn(book: Book): string[] {
  return classes.filter((repeats) => book.items.some((item) => item.repeats === repeats));
}
