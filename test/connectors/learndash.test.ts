import { expect } from 'chai';
import type { Action, CheckContext, Finding, Outcome } from 'handover/contract';
import { learndash, type LearnDashOptions } from '../../connectors/learndash/index.ts';
import { testContext, type TestContext } from '../../src/testing/action-context.ts';
import { fault, jsonReply } from '../../src/testing/double-server.ts';
import { startLearnDash, type LearnDashDouble } from '../../src/testing/learndash/index.ts';
import { connectorSuite } from '../../src/testing/suites/connector-suite.ts';

const now = () => new Date('2026-03-01T12:00:00Z');
const enrol = learndash.actions['enrol'] as unknown as Action<Record<string, unknown>, Outcome, LearnDashOptions>;
const input = { course: 1234 };

function optionsFor({ url, username, applicationPassword }: LearnDashDouble): LearnDashOptions {
  return { baseUrl: url, username, applicationPassword, requestTimeoutSeconds: 5 };
}

for (const keepsAccessList of [false, true]) {
  connectorSuite({
    name: `learndash.enrol${keepsAccessList ? ' (a site that keeps access lists)' : ''}`,
    connector: learndash,
    action: 'enrol',
    async open() {
      const site = await startLearnDash({ now });
      site.switches.keepsAccessList = keepsAccessList;
      site.addCourse();
      site.enrol(site.addUser({ email: 'bystander@example.org' }), 1234);
      const options = optionsFor(site);
      return {
        options,
        input,
        effects: () => site.books.enrolments,
        traces: () => site.books.users,
        secrets: () => site.books.secrets,
        faults: site.faults,
        now,
        failure: jsonReply({ code: 'maintenance', message: 'Please try again.' }),
        wrong: [
          { name: 'a bad password', options: { ...options, applicationPassword: 'wrong' } },
          { name: 'a missing right', prepare: () => void (site.switches.capabilities = ['list_users', 'create_users']) },
          { name: 'an unknown course', input: { course: 99 } },
          {
            name: 'a course that is open to everybody',
            prepare: () => void site.addCourse({ id: 77, priceType: 'open' }),
            input: { course: 77 },
          },
          { name: 'a renamed route', options: { ...options, coursesRoute: 'courses' } },
          { name: 'a server that drops the password', prepare: () => void (site.switches.dropsAuthorization = true) },
        ],
        close: () => site.close(),
      };
    },
  });
}

describe('the LearnDash connector', () => {
  let site: LearnDashDouble;
  beforeEach(async () => {
    site = await startLearnDash({ now });
    site.addCourse();
  });
  afterEach(() => site.close());

  const context = (changes: object = {}): TestContext<LearnDashOptions> =>
    testContext({ options: optionsFor(site), now, ...changes });
  const courses = () => site.books.enrolments.map(({ email, course }) => `${email} ${course}`);
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => (error as { code?: string }).code,
    );

  it('finds the learner among addresses that hold the same letters, whatever the capitals', async () => {
    for (let n = 0; n < 120; n += 1) site.addUser({ email: `${n}ada@example.org` });
    const id = site.addUser({ email: 'Ada@Example.org' });
    expect(await enrol.grant(input, context())).to.include({ userId: id, isOurs: true });
    expect(courses()).to.deep.equal(['Ada@Example.org 1234']);
  });

  it('makes an account with a legal user name that nobody can sign in to before setting a password', async () => {
    const learner = { email: 'ada+shop@example.org', name: 'Ada <b>Byron</b>' };
    const result = await enrol.grant(input, context({ learner }));
    expect(site.books.users[0]).to.include({ role: 'subscriber', name: 'Ada Byron' });
    expect(site.books.users[0]?.username).to.match(/^ada-shop@example\.org-[0-9a-f]{8}$/);
    expect(result).to.include({
      passwordUrl: `${site.url}/wp-login.php?action=lostpassword`,
      courseName: 'TypeScript in a week',
    });
  });

  it('takes the 500 of a name that was taken meanwhile for what it is', async () => {
    const someone = () => void site.addUser({ email: 'other@example.org', username: 'ada@example.org' });
    site.faults.next(fault.first(someone), { method: 'POST' });
    expect(await codeOf(enrol.grant(input, context()))).to.equal('LEARNDASH_USERNAME_TAKEN');
    expect(courses()).to.deep.equal([]);
  });

  it('goes on with the account that another shop made at the same moment', async () => {
    site.faults.next(
      fault.first(() => void site.addUser({ email: 'ada@example.org' })),
      { method: 'POST' },
    );
    await enrol.grant(input, context());
    expect(courses()).to.deep.equal(['ada@example.org 1234']);
  });

  it('leaves in who was in before, unless a person is to be asked', async () => {
    site.enrol(site.addUser({ email: 'ada@example.org' }), 1234);
    const result = await enrol.grant(input, context());
    expect(result).to.include({ isOurs: false });
    for (const verb of ['suspend', 'revoke'] as const) await enrol[verb]?.(result, input, context());
    expect(courses()).to.deep.equal(['ada@example.org 1234']);
    expect(await codeOf(enrol.grant({ ...input, ifEnrolled: 'ask' }, context()))).to.equal('LEARNDASH_HAS_ACCESS');
  });

  it('does not ask about what another order of ours gave, and leaves it to that order to take back', async () => {
    await enrol.grant(input, context());
    const second = await enrol.grant({ ...input, ifEnrolled: 'ask' }, context({ alsoGivenBy: ['other/1/1/course'] }));
    expect(second).to.include({ isOurs: true, isShared: true });
    await enrol.revoke?.(second, input, context());
    expect(courses()).to.deep.equal(['ada@example.org 1234']);
    await enrol.suspend?.(second, input, context());
    expect(courses()).to.deep.equal([]);
  });

  it('knows its own again after a lost answer', async () => {
    const ctx = context();
    site.faults.next(fault.commitThenDrop(), { method: 'POST', path: /1234\/users$/ });
    expect(await codeOf(enrol.grant(input, ctx))).to.equal('LEARNDASH_NO_ANSWER');
    expect(await enrol.find?.(input, ctx.again())).to.include({ isOurs: true });
    expect(await enrol.grant(input, ctx.again())).to.include({ isOurs: true });
  });

  it('says so at once when a course is open to everybody', async () => {
    site.addCourse({ id: 77, priceType: 'open' });
    expect(await codeOf(enrol.grant({ course: 77 }, context()))).to.equal('LEARNDASH_COURSE_OPEN');
  });

  it('has nothing to take back from a course or a user that is gone', async () => {
    const result = await enrol.grant(input, context());
    await enrol.revoke?.({ ...result, courseId: 55 }, input, context());
    await enrol.revoke?.({ ...result, userId: 4711 }, input, context());
  });

  it('checks each course once, for all products that name it', async () => {
    const { http, keys } = context();
    const check: CheckContext<LearnDashOptions> = {
      ...{ options: optionsFor(site), http, keys, now },
      used: ['A', 'B'].map((sku) => ({ action: 'enrol', input, sku })),
    };
    const findings: readonly Finding[] = (await learndash.check?.(check)) ?? [];
    expect(findings.map(({ ok, message }) => `${ok} ${message}`).at(-1)).to.equal(
      'true A, B: course 1234 is there: TypeScript in a week.',
    );
  });
});
