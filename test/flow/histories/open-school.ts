import { importKeys } from '../../../src/fulfilment/key-pools.ts';
import { startMoodle, type MoodleDouble } from '../../../src/testing/moodle/index.ts';
import { openSite, type Site } from '../../support/open-site.ts';
import { atOnce, settings } from '../shop.ts';
import { onMemory } from './memory.ts';
import { tellAuthorizeNet } from './tell-authorize-net.ts';
import { tellMollie } from './tell-mollie.ts';
import { tellOffline } from './tell-offline.ts';
import { tellSandbox, tellWebmoney } from './tell-own.ts';
import { tellPaypal } from './tell-paypal.ts';
import { tellSigned } from './tell-signed.ts';
import { tellStripe } from './tell-stripe.ts';
import { wares } from './story.ts';
import type { Clock, Teller } from './teller.ts';

/** One site with every gateway at once, two LMSs, a stock of keys, and a calendar. */
export interface School {
  readonly site: Site;
  readonly moodle: MoodleDouble;
  readonly tellers: readonly Teller[];
  readonly now: Clock;
  /** Days since it was opened; what is due by then is carried out. */
  day(days: number): Promise<void>;
  close(): Promise<void>;
}

const dayMs = 86_400_000;

/** All gateways, each as itself or as a double. */
export async function openTellers(now: Clock): Promise<Teller[]> {
  const [snapshot, thin, paypals, authorizeNet, mollie] = await Promise.all([
    tellStripe('snapshot', now),
    tellStripe('thin', now),
    tellPaypal(now),
    tellAuthorizeNet(now),
    tellMollie(now),
  ]);
  return [
    snapshot,
    thin,
    ...paypals,
    authorizeNet,
    mollie,
    tellWebmoney(now),
    tellOffline(now),
    ...tellSigned(now),
    tellSandbox(now),
  ];
}

export async function openSchool(names?: readonly string[]): Promise<School> {
  const memory = await onMemory();
  const start = Date.now();
  let clock = new Date(start);
  const now = (): Date => clock;
  const moodle = await startMoodle({ now });
  moodle.addCourse({ idnumber: 'pair', fullname: 'One course at two schools' });
  const all = await openTellers(now);
  const tellers = names ? all.filter(({ name }) => names.includes(name)) : all;
  const gateways = Object.assign({}, ...tellers.map((teller) => teller.settings)) as object;
  const env = Object.assign({ MOODLE_TOKEN: moodle.token }, ...tellers.map((teller) => teller.env)) as Record<string, string>;
  const connectors = { moodle: { baseUrl: moodle.url, token: { env: 'MOODLE_TOKEN' } } };
  const site = await openSite('examples/minimal', {
    files: {
      'handover.json': settings({
        connectors,
        site: { gateways, retries: { ...atOnce, untilHours: 300 }, owner: { email: 'owner@example.org', sales: 'none' } },
      }),
      ...products,
    },
    handover: { env, now, store: memory.store },
    lms: { now },
    stripe: { now },
  });
  for (const id of ['17', '18', '19', '20']) site.lms.addCourse({ id, name: `Course ${id}` });
  const keys = Array.from({ length: 3000 }, (_, index) => `KEY-${10_000 + index}`).join('\n');
  await importKeys(site.app.store, site.app.sealer(), 'stock', keys);
  return {
    site,
    moodle,
    tellers,
    now,
    async day(days) {
      clock = new Date(start + days * dayMs);
      site.app.runner.wake();
      await site.finishesItsSteps();
    },
    async close() {
      await site.close();
      await Promise.all([moodle.close(), ...all.map((teller) => teller.close())]);
      await memory.remove();
    },
  };
}

const axis = (course: string) => ({ action: 'axis-lms.enrol', with: { course } });

const products = Object.fromEntries(
  Object.entries({
    course: { grants: { course: axis('17') } },
    other: { grants: { course: axis('18') } },
    booklet: { grants: { course: axis('19') } },
    key: { grants: { licence: { action: 'test-pro.issueKey', with: { source: 'stock' } } } },
    pair: { grants: { course: axis('17'), second: { action: 'moodle.enrol', with: { course: 'pair' } } } },
    club: { grants: { course: axis('20') }, access: { days: 30, graceDays: 3 } },
  } satisfies Record<keyof typeof wares, object>).map(([name, more]) => {
    const { sku, title, cents } = wares[name as keyof typeof wares](1);
    return [`products/${sku}.json`, { sku, title, price: `${(cents / 100).toFixed(2)} EUR`, ...more }];
  }),
);
