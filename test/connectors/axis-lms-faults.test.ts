import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Outcome } from 'handover/contract';
import { fault, type DoubleRequest, type Fault } from '../../src/testing/double-server.ts';
import { withSite, year, type AxisSite, type Context, type Course, type SiteOptions } from './axis-lms-site.ts';

const byName = { course: 'TypeScript in a week', days: 365 };
const path = { path: '41' };
const group = { group: 'Spring class' };

/** A step, and what has to have happened before it. */
interface Story {
  readonly name: string;
  readonly options?: SiteOptions;
  prepare?(site: AxisSite): Promise<Outcome>;
  run(site: AxisSite, before: Outcome, ctx: Context): Promise<Course>;
}

const legacy: SiteOptions = { connector: { api: 'legacy' } };
const granted = (action: string, input: Record<string, unknown>) => async (site: AxisSite) => {
  const { result = {} } = await site.grant(action, input, site.context({ id: 'ORDER-1' }));
  site.at('2026-03-10T12:00:00Z');
  return result;
};
const suspended = (action: string, input: Record<string, unknown>) => async (site: AxisSite) => {
  const result = await granted(action, input)(site);
  await site.undo('suspend', action, input, result);
  return result;
};

const stories: readonly Story[] = [
  { name: 'enrol', run: (site, _, ctx) => site.grant('enrol', year, ctx) },
  {
    name: 'enrol, extending access and account',
    options: { connector: { extendAccounts: true } },
    async prepare(site) {
      const { id } = site.lms.addUser({ username: 'ada@example.org', fields: { date_expire: '20260601' } });
      site.lms.addEnrolment({ userId: id, courseId: '17', start: '20260101', end: '20260501' });
      return {};
    },
    run: (site, _, ctx) => site.grant('enrol', { ...year, repeatPurchase: 'extend' }, ctx),
  },
  {
    name: 'enrol, revoked',
    prepare: granted('enrol', year),
    run: (site, result, ctx) => site.undo('revoke', 'enrol', year, result, ctx),
  },
  {
    name: 'enrol, revoked by its window',
    options: { connector: { endBy: 'window' } },
    prepare: granted('enrol', year),
    run: (site, result, ctx) => site.undo('revoke', 'enrol', year, result, ctx),
  },
  {
    name: 'enrol, suspended',
    prepare: granted('enrol', year),
    run: (site, result, ctx) => site.undo('suspend', 'enrol', year, result, ctx),
  },
  {
    name: 'enrol, resumed',
    prepare: suspended('enrol', year),
    run: (site, result, ctx) => site.undo('resume', 'enrol', year, result, ctx),
  },
  {
    name: 'enrol, renewed',
    prepare: granted('enrol', year),
    run: (site, result, ctx) => site.renew(result, year, '2028-01-01', ctx),
  },
  { name: 'enrolPath', run: (site, _, ctx) => site.grant('enrolPath', path, ctx) },
  {
    name: 'enrolPath, revoked',
    prepare: granted('enrolPath', path),
    run: (site, result, ctx) => site.undo('revoke', 'enrolPath', path, result, ctx),
  },
  { name: 'addToGroup', run: (site, _, ctx) => site.grant('addToGroup', group, ctx) },
  {
    name: 'addToGroup, revoked',
    prepare: granted('addToGroup', group),
    run: (site, result, ctx) => site.undo('revoke', 'addToGroup', group, result, ctx),
  },
  {
    name: 'addToGroup, resumed',
    prepare: suspended('addToGroup', group),
    run: (site, result, ctx) => site.undo('resume', 'addToGroup', group, result, ctx),
  },
  { name: 'enrol (Legacy)', options: legacy, run: (site, _, ctx) => site.grant('enrol', byName, ctx) },
  {
    name: 'enrol, revoked (Legacy)',
    options: legacy,
    prepare: granted('enrol', byName),
    run: (site, result, ctx) => site.undo('revoke', 'enrol', byName, result, ctx),
  },
  {
    name: 'enrol, revoked (Legacy, which cannot be read)',
    options: { ...legacy, double: { legacyReads: 'false' } },
    prepare: granted('enrol', byName),
    run: (site, result, ctx) => site.undo('revoke', 'enrol', byName, result, ctx),
  },
  {
    name: 'enrol, resumed (Legacy)',
    options: legacy,
    prepare: suspended('enrol', byName),
    run: (site, result, ctx) => site.undo('resume', 'enrol', byName, result, ctx),
  },
];

const troubles: Readonly<Record<string, (site: AxisSite) => Fault>> = {
  'a dropped request': () => fault.drop(),
  'a lost answer': () => fault.commitThenDrop(),
  'a server error after the deed': () => fault.commitThen500(),
  'a server error': () => fault.status(500),
  'too many requests': () => fault.status(429, { retryAfter: 1 }),
  'a bad gateway': () => fault.status(502),
  'an unavailable service': () => fault.status(503),
  'a maintenance page': () => fault.html(),
  'a cut-off answer': () => fault.truncatedJson(),
  'an expired token': (site) => site.lms.expireToken,
};

describe('the Axis LMS connector under faults', () => {
  for (const story of stories) {
    it(`${story.name}: one trouble at any request leaves the same books, told once`, async function () {
      this.timeout(60_000);
      const clean = await play(story);
      for (const [name, trouble] of Object.entries(troubles)) {
        for (let request = 1; request <= clean.requests; request += 1) {
          const troubled = await play(story, { trouble, request });
          expect(troubled.books, `${name} at request ${request}`).to.deep.equal(clean.books);
          if (!isLegacy(story))
            expect(troubled.notifications, `mails after ${name} at request ${request}`).to.equal(clean.notifications);
        }
      }
    });

    it(`${story.name}: a write that arrives after we gave up waiting changes nothing more`, async function () {
      this.timeout(60_000);
      const clean = await play(story);
      for (let request = 1; request <= clean.requests; request += 1) {
        if (!clean.writes.includes(request)) continue;
        const late = await play(story, { trouble: () => fault.delay(200), request, timeoutSeconds: 0.1 });
        expect(late.books, `late request ${request}`).to.deep.equal(clean.books);
      }
    });
  }

  for (const [action, input] of [
    ['enrol', year],
    ['enrolPath', path],
    ['addToGroup', group],
  ] as const) {
    it(`${action}: two orders of one buyer at the same time make one account and one entry, whatever goes wrong`, async () => {
      for (const [name, trouble] of Object.entries(troubles)) {
        for (const method of ['GET', 'POST']) {
          for (const skipped of [0, 1, 2]) {
            await withSite({}, async (site) => {
              let seen = 0;
              site.lms.faults.next(trouble(site), { method, when: () => (seen += 1) > skipped });
              const both = await Promise.all([site.grant(action, input), site.grant(action, input)]);
              expect(
                both.flatMap(({ parked }) => parked ?? []),
                name,
              ).to.deep.equal([]);
              const { users, enrolments, learningPathEnrolments, usergroups, notifications } = site.lms.books;
              expect(users, name).to.have.length(1);
              const entries = [...enrolments, ...learningPathEnrolments, ...(usergroups[0]?.members ?? [])];
              expect(entries, name).to.have.length(1);
              expect(notifications, name).to.have.length(action === 'addToGroup' ? 0 : 1);
            });
          }
        }
      }
    });
  }
});

interface Played {
  readonly books: unknown;
  readonly notifications: number;
  /** How many requests the step made, and which of them were to change something. */
  readonly requests: number;
  readonly writes: readonly number[];
}

/** Plays a story with one trouble at the nth request of its step, runs the step again, and reads the books. */
async function play(
  story: Story,
  {
    trouble,
    request = 0,
    timeoutSeconds,
  }: { trouble?: (site: AxisSite) => Fault; request?: number; timeoutSeconds?: number } = {},
): Promise<Played> {
  let played: Played | undefined;
  const connector = {
    ...story.options?.connector,
    ...(timeoutSeconds !== undefined && { requestTimeoutSeconds: timeoutSeconds }),
  };
  await withSite({ ...story.options, connector }, async (site) => {
    const before = (await story.prepare?.(site)) ?? {};
    const from = site.lms.books.requests.length;
    let seen = 0;
    if (trouble) site.lms.faults.next(trouble(site), { when: () => (seen += 1) === request });
    const { parked, ctx } = await story.run(site, before, site.context({ id: 'ORDER-1' }));
    expect(parked, `parked by ${parked?.message ?? 'nothing'}`).to.equal(undefined);
    expect(site.lms.faults.waiting).to.equal(0);
    const made = site.lms.books.requests.slice(from);
    if (timeoutSeconds !== undefined) await sleep(220);
    const books = readBooks(site);
    expect((await story.run(site, before, ctx.again())).errors).to.deep.equal([]);
    expect(readBooks(site), 'the books after the step ran again').to.deep.equal(books);
    played = {
      books,
      notifications: site.lms.books.notifications.length,
      requests: made.length,
      writes: made.flatMap((sent, index) => (isWrite(sent) ? [index + 1] : [])),
    };
  });
  return played ?? expect.fail('The story was not played.');
}

function readBooks({ lms }: AxisSite): unknown {
  const { users, enrolments, learningPathEnrolments, usergroups } = lms.books;
  return { users: users.map(({ fields }) => fields), enrolments, learningPathEnrolments, usergroups };
}

function isWrite({ method, query }: DoubleRequest): boolean {
  return method !== 'GET' || /add|enroll/i.test(query['command'] ?? '');
}

function isLegacy({ options }: Story): boolean {
  return options?.connector?.api === 'legacy';
}
