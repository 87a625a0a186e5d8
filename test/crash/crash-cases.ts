import { request } from 'node:http';
import type { CrashPoint } from '../../src/crash-point.ts';
import { fault, type Fault, type FaultMatch } from '../../src/testing/double-server.ts';
import type { CrashCase } from './crash.ts';
import { deliverFrom } from './deliveries.ts';
import type { SitePart } from './site-part.ts';
import type { Sku } from './shop.ts';
import type { Sold, World } from './world.ts';

const everything = { COURSE: 1, PATH: 1, POOL: 2, KEYED: 1, BLIND: 1 };
const one = (sku: Sku): Sold['quantities'] => ({ [sku]: 1 });

/** Points at which it does not matter what was bought: everything is. */
const pointsAnywhere: readonly Omit<CrashCase, 'name' | 'quantities'>[] = [
  { at: 'in a migration', nth: 1, isFirstStart: true, provoke: async () => undefined },
  { at: 'body half read', nth: 1, provoke: sendHalf },
  ...each('before a commit', 1, 2, 3, 4, 7),
  ...each('after a commit', 1, 2, 4, 7),
  ...each('callback kept', 1),
  ...each('callback claimed', 1),
  ...each('before a request', 1),
  ...each('callback read', 1),
  ...each('plan recorded', 1),
  ...each('step claimed', 1),
  ...each('after a request', 3, 8),
  ...each('outcome known', 2),
  ...each('outcome recorded', 3),
  { at: 'while closing', nth: 1, provoke: closeWhileItWorks },
];
const anywhere = pointsAnywhere.map((point) => ({
  ...point,
  quantities: everything,
  name: `a mixed order, ${point.at} (${point.nth})`,
}));

function each(at: CrashPoint, ...times: number[]): Omit<CrashCase, 'name' | 'quantities'>[] {
  return times.map((nth) => ({ at, nth }));
}

/** Points inside one action, for every class of `repeats`. `writes`: which of its writing requests gives the thing. */
const classes: readonly { readonly sku: Sku; readonly writes: number; readonly match: FaultMatch }[] = [
  { sku: 'COURSE', writes: 2, match: { method: 'POST', path: /\/courses\/enrollments\// } },
  { sku: 'PATH', writes: 2, match: { method: 'POST', path: /\/learningpaths\/enrollments\// } },
  { sku: 'KEYED', writes: 1, match: { method: 'POST' } },
  { sku: 'BLIND', writes: 1, match: { method: 'POST' } },
];

const inActions: readonly CrashCase[] = [
  ...classes.flatMap(({ sku, writes }) => [
    caseOf(sku, 'step claimed', 1),
    caseOf(sku, 'before a writing request', writes),
    caseOf(sku, 'after a writing request', writes),
    caseOf(sku, 'outcome known', 1),
    caseOf(sku, 'outcome recorded', 1),
  ]),
  caseOf('COURSE', 'after a writing request', 1),
  caseOf('POOL', 'key taken', 1),
  caseOf('POOL', 'outcome known', 1),
  caseOf('POOL', 'in smtp data', 1),
  caseOf('POOL', 'after smtp 250', 1),
  caseOf('POOL', 'outcome known', 2),
  caseOf('POOL', 'outcome recorded', 2),
];

function caseOf(sku: Sku, at: CrashPoint, nth: number): CrashCase {
  return { name: `${sku}, ${at} (${nth})`, at, nth, quantities: one(sku) };
}

interface Trouble {
  readonly what: string;
  readonly fault: (world: World) => Fault;
  /** Whether the thing was given all the same. */
  readonly given: boolean;
  /** Whether the answer left that open. */
  readonly isUnsure: boolean;
}

const troubles: readonly Trouble[] = [
  { what: '500', fault: () => fault.status(500), given: false, isUnsure: true },
  { what: '429', fault: () => fault.status(429, { retryAfter: 0 }), given: false, isUnsure: false },
  { what: 'a cut before', fault: () => fault.drop(), given: false, isUnsure: true },
  { what: '500 after success', fault: () => fault.commitThen500(), given: true, isUnsure: true },
  { what: 'a cut after success', fault: () => fault.commitThenDrop(), given: true, isUnsure: true },
  { what: 'a time-out, and success later', fault: () => fault.delay(1300), given: true, isUnsure: true },
  { what: 'an endless answer after success', fault: () => fault.drip({ endless: true }), given: true, isUnsure: true },
];

/** A trouble first, then the end of the process in the attempt after it; of a blind one, which has no second attempt, in the mail. */
const afterTrouble: readonly CrashCase[] = [
  ...classes.flatMap(({ sku, writes, match }) =>
    troubles.map(({ what, fault: makeFault, given, isUnsure }, index): CrashCase => {
      const trouble = (world: World): void => sourceOf(world, sku).faults.next(makeFault(world), match);
      const place = ((): [CrashPoint, number] => {
        if (sku === 'BLIND' && isUnsure) return ['in smtp data', 1];
        if (index % 2 === 0) return ['step claimed', 2];
        return given ? ['outcome known', 1] : ['before a writing request', writes + 1];
      })();
      return { ...caseOf(sku, ...place), name: `${sku}, ${what}, then ${place[0]} (${place[1]})`, trouble };
    }),
  ),
  ...classes.slice(0, 2).map(({ sku, writes, match }): CrashCase => ({
    ...caseOf(sku, 'before a writing request', writes + 1),
    name: `${sku}, an expired token, then before a writing request (${writes + 1})`,
    trouble: (world) => world.lms.faults.next(world.lms.expireToken, match),
  })),
];

function sourceOf(world: World, sku: Sku): Pick<World['lms'], 'faults'> {
  return sku === 'KEYED' ? world.keyed : sku === 'BLIND' ? world.blind : world.lms;
}

export const crashCases: readonly CrashCase[] = [...anywhere, ...inActions, ...afterTrouble];

const ofTheStore: readonly CrashPoint[] = ['step claimed', 'key taken', 'outcome known', 'outcome recorded'];

/** What may come out differently on another store: the order of its commits is its own. */
export const storeCases: readonly CrashCase[] = [...anywhere, ...inActions.filter(({ at }) => ofTheStore.includes(at))];

/** The first half of a callback, and then nothing. */
async function sendHalf(_world: World, part: SitePart, { callback: { body, headers } }: Sold): Promise<void> {
  const url = await part.url;
  if (url === undefined) return;
  const half = request(`${url}/callbacks/stripe`, {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  });
  half.on('error', () => undefined);
  half.write(body.slice(0, body.length / 2));
  await new Promise((resolve) => half.once('close', resolve));
}

async function closeWhileItWorks(world: World, part: SitePart, sold: Sold): Promise<void> {
  const isAsked = new Promise<void>((resolve) =>
    world.lms.faults.next(
      fault.first(() => resolve()),
      { method: 'POST' },
    ),
  );
  await deliverFrom(world).attempt(sold, await part.url);
  await isAsked;
  part.kill('SIGTERM');
}
