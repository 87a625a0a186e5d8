import { expect } from 'chai';
import { talentlms, type TalentLmsOptions } from '../../connectors/talentlms/index.ts';
import { enrol } from '../../connectors/talentlms/enrol.ts';
import { testContext, testOrder } from '../../src/testing/action-context.ts';
import { fault, jsonReply } from '../../src/testing/double-server.ts';
import { connectorSuite } from '../../src/testing/suites/connector-suite.ts';
import { startTalentLms, type TalentLmsDouble } from '../../src/testing/talentlms/index.ts';

const now = () => new Date('2026-03-01T12:00:00Z');

async function open() {
  const lms = await startTalentLms({ now });
  const course = lms.addCourse();
  const bystander = lms.addUser({ email: 'bystander@example.org' });
  lms.addEnrolment(bystander, course);
  const options: TalentLmsOptions = { baseUrl: lms.url, apiKey: lms.apiKey, requestTimeoutSeconds: 5 };
  return { lms, course, options };
}

connectorSuite({
  name: 'talentlms.enrol',
  connector: talentlms,
  action: 'enrol',
  async open() {
    const { lms, course, options } = await open();
    return {
      options,
      input: { course },
      effects: () => lms.books.enrolments,
      traces: () => lms.books.users,
      secrets: () => lms.books.secrets,
      faults: lms.faults,
      now,
      failure: jsonReply({ error: { type: 'temporary', message: 'Please try again.' } }),
      wrong: [
        { name: 'a bad key', options: { ...options, apiKey: 'f'.repeat(30) } },
        { name: 'the API switched off', prepare: () => void (lms.switches.isApiOff = true) },
        { name: 'an unknown course', input: { course: 999 } },
        { name: 'an address without TLS', options: { ...options, baseUrl: 'http://portal.example.com' } },
      ],
      close: () => lms.close(),
    };
  },
});

describe('talentlms', () => {
  let lms: TalentLmsDouble;
  let course: number;
  let options: TalentLmsOptions;
  beforeEach(async () => {
    ({ lms, course, options } = await open());
  });
  afterEach(() => lms.close());
  const context = (changes: Partial<TalentLmsOptions> = {}, email = 'ada@example.org') =>
    testContext({ options: { ...options, ...changes }, now, order: testOrder({ buyer: { email, name: 'Ada Byron' } }) });
  const isIn = (userId: number) => lms.books.enrolments.some((seat) => seat.userId === userId);

  it('leaves the seat of somebody who was in the course before, also after a refund', async () => {
    const userId = lms.addUser({ email: 'ada@example.org' });
    lms.addEnrolment(userId, course);
    const given = await enrol.grant({ course }, context());
    expect(given.isOurs).to.equal(false);
    await enrol.revoke?.(given, { course }, context());
    expect(isIn(userId)).to.equal(true);
  });

  it('finds the learner on a later page of a full course', async () => {
    for (let count = 0; count < 150; count += 1) lms.addEnrolment(lms.addUser({ email: `learner${count}@example.org` }), course);
    const userId = lms.addUser({ email: 'ada@example.org' });
    lms.addEnrolment(userId, course);
    expect(await enrol.grant({ course }, context())).to.include({ userId, isOurs: false });
  });

  for (const status of [200, 400, 409, 422] as const) {
    it(`takes it for done when somebody else enrols the learner meanwhile and the answer is ${status}`, async () => {
      lms.switches.alreadyEnrolledStatus = status;
      const userId = lms.addUser({ email: 'ada@example.org' });
      lms.faults.next(
        fault.first(() => lms.addEnrolment(userId, course)),
        { method: 'POST', path: /enrollments/ },
      );
      expect(await enrol.grant({ course }, context())).to.include({ userId });
      expect(lms.books.enrolments.filter((seat) => seat.userId === userId)).to.have.length(1);
    });
  }

  it('finds the account whose address is written in other letters, by its user name', async () => {
    const userId = lms.addUser({ email: 'Ada@Example.org', login: 'ada@example.org' });
    expect(await enrol.grant({ course }, context())).to.include({ userId, isNewAccount: false });
  });

  it('asks a person when several accounts fit, when the account is inactive, or its user name is somebody else', async () => {
    lms.addUser({ email: 'two@example.org', login: 'two-a' });
    lms.addUser({ email: 'two@example.org', login: 'two-b' });
    lms.addUser({ email: 'off@example.org', status: 'inactive' });
    lms.addUser({ email: 'other@example.org', login: 'taken@example.org' });
    const codes = [];
    for (const email of ['two@example.org', 'off@example.org', 'taken@example.org']) {
      codes.push(await enrol.grant({ course }, context({}, email)).catch((error: unknown) => (error as { code: string }).code));
    }
    expect(codes).to.deep.equal(['TALENTLMS_USER_AMBIGUOUS', 'TALENTLMS_USER_INACTIVE', 'TALENTLMS_LOGIN_TAKEN']);
  });

  it('signs in whom the same order gave an account, and sends others to the course', async () => {
    const ctx = context({ courseUrl: '{site}/plus/courses/{course}' });
    const fresh = await enrol.grant({ course }, ctx);
    expect(await enrol.link?.(fresh, { course }, ctx)).to.match(new RegExp(`^${lms.url}/index/gotocourse/key:`));
    const known = await enrol.grant({ course }, context({ courseUrl: '{site}/plus/courses/{course}' }));
    expect(await enrol.link?.(known, { course }, ctx)).to.equal(`${lms.url}/plus/courses/${course}`);
  });

  it('follows no sign-in link that leads out of the portal', async () => {
    const ctx = context();
    const fresh = await enrol.grant({ course }, ctx);
    lms.faults.next(fault.reply(jsonReply({ _data: { goto_url: 'https://elsewhere.example.com/key' } })));
    expect(await enrol.link?.(fresh, { course }, ctx)).to.equal(lms.url);
    expect(ctx.logged.map(({ fields }) => (fields as { code: string }).code)).to.deep.equal(['TALENTLMS_SIGN_IN_MISSING']);
  });

  it('waits seconds after a burst and minutes when the hour is used up', async () => {
    const waits = [];
    for (const remaining of ['120', '0']) {
      const reply = jsonReply({ error: { type: 'rate_limit' } }, 429);
      lms.faults.next(fault.reply({ ...reply, headers: { ...reply.headers, 'x-ratelimit-remaining': remaining } }));
      waits.push(
        await enrol.grant({ course }, context()).catch((error: unknown) => (error as { retryAfterMs: number }).retryAfterMs),
      );
    }
    expect(waits).to.deep.equal([5_000, 600_000]);
  });
});
