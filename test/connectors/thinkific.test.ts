import { expect } from 'chai';
import type { ActionContext } from 'handover/contract';
import { enrol } from '../../connectors/thinkific/enrol.ts';
import { thinkific, type ThinkificOptions } from '../../connectors/thinkific/index.ts';
import { testContext, testOrder } from '../../src/testing/action-context.ts';
import { fault, jsonReply } from '../../src/testing/double-server.ts';
import { connectorSuite } from '../../src/testing/suites/connector-suite.ts';
import { startThinkific, type ThinkificDouble } from '../../src/testing/thinkific/index.ts';

const now = () => new Date('2026-03-01T12:00:00Z');
const nextYear = new Date('2027-03-01T12:00:00Z');

async function open() {
  const school = await startThinkific({ now });
  const course = school.addCourse();
  school.addEnrolment({ userId: school.addUser('bystander@example.org'), courseId: course });
  const { url, subdomain, apiKey } = school;
  const options: ThinkificOptions = { baseUrl: url, siteUrl: url, subdomain, apiKey, requestTimeoutSeconds: 5 };
  return { school, course, options };
}

connectorSuite({
  name: 'thinkific.enrol',
  connector: thinkific,
  action: 'enrol',
  async open() {
    const { school, course, options } = await open();
    return {
      options,
      input: { course },
      effects: () => school.books.open,
      traces: () => ({ users: school.books.users, enrolments: school.books.enrolments, welcomes: school.books.welcomes }),
      secrets: () => school.books.secrets,
      faults: school.faults,
      now,
      failure: jsonReply({ error: 'Something went wrong' }),
      wrong: [
        { name: 'a bad key', options: { ...options, apiKey: 'f'.repeat(32) } },
        { name: 'another school', options: { ...options, subdomain: 'other-school' } },
        { name: 'an unknown course', input: { course: 999 } },
      ],
      close: () => school.close(),
    };
  },
});

describe('thinkific', () => {
  let school: ThinkificDouble;
  let course: number;
  let options: ThinkificOptions;
  beforeEach(async () => {
    ({ school, course, options } = await open());
  });
  afterEach(() => school.close());
  const context = (changes: Partial<ThinkificOptions> = {}, given: Partial<ActionContext<ThinkificOptions>> = {}) =>
    testContext({ options: { ...options, ...changes }, now, order: testOrder(), ...given });
  const endOf = (userId: number) => school.books.enrolments.find(({ user_id }) => user_id === userId)?.expiry_date;

  it('gives access until the end of what was bought, never as a trial, and for ever without an end', async () => {
    const dated = await enrol.grant({ course }, context({}, { until: nextYear }));
    expect(dated).to.include({ end: '2027-03-01', isOurs: true });
    const order = testOrder({ buyer: { email: 'bob@example.org' } });
    const endless = await enrol.grant({ course }, context({}, { order }));
    expect(school.books.enrolments.slice(1).map(({ expiry_date, is_free_trial }) => [expiry_date, is_free_trial])).to.deep.equal([
      [nextYear.toISOString(), false],
      [null, false],
    ]);
    expect(endless.end).to.equal('');
  });

  it('makes shorter access longer, and gives its former end back', async () => {
    const userId = school.addUser('ada@example.org');
    school.addEnrolment({ userId, courseId: course, until: '2026-06-01T00:00:00Z' });
    const given = await enrol.grant({ course }, context({}, { until: nextYear }));
    expect(endOf(userId)).to.equal(nextYear.toISOString());
    await enrol.revoke?.(given, { course }, context());
    expect(endOf(userId)).to.equal('2026-06-01T00:00:00Z');
  });

  it('leaves access alone that lasts longer than what was bought', async () => {
    const userId = school.addUser('ada@example.org');
    school.addEnrolment({ userId, courseId: course });
    const given = await enrol.grant({ course }, context({}, { until: nextYear }));
    await enrol.suspend?.(given, { course }, context());
    await enrol.revoke?.(given, { course }, context());
    expect(endOf(userId)).to.equal(null);
  });

  it('makes a trial a whole enrolment, and ends it with a refund', async () => {
    const userId = school.addUser('ada@example.org');
    school.addEnrolment({ userId, courseId: course, isTrial: true });
    const given = await enrol.grant({ course }, context({}, { until: nextYear }));
    expect(school.books.open.map((seat) => seat.userId)).to.include(userId);
    await enrol.revoke?.(given, { course }, context());
    expect(school.books.open.map((seat) => seat.userId)).to.not.include(userId);
  });

  it('lets the first of two purchases end what the second made longer', async () => {
    const first = await enrol.grant({ course }, context({}, { until: new Date('2026-09-01T00:00:00Z') }));
    const second = await enrol.grant({ course }, context({}, { until: nextYear, alsoGivenBy: ['other/1/1/course'] }));
    expect(endOf(first.userId)).to.equal(nextYear.toISOString());
    await enrol.revoke?.(first, { course }, context());
    await enrol.revoke?.(second, { course }, context());
    expect(school.books.open.map((seat) => seat.userId)).to.not.include(first.userId);
  });

  it('moves the end when the contract is renewed', async () => {
    const given = await enrol.grant({ course }, context({}, { until: nextYear }));
    const until = new Date('2028-03-01T12:00:00Z');
    const renewed = await enrol.renew?.(given, { course }, { ...context(), until });
    expect(renewed?.end).to.equal('2028-03-01');
    expect(endOf(given.userId)).to.equal(until.toISOString());
  });

  it('signs in by a token made at the click, only whom the same order gave an account, and only where it is switched on', async () => {
    const ctx = context({ signIn: 'newAccounts' });
    const given = await enrol.grant({ course }, ctx);
    const link = (await enrol.link?.(given, { course }, ctx)) ?? '';
    const courseUrl = `${school.url}/courses/take/typescript-in-a-week`;
    expect(school.signIn(link)).to.deep.equal({ email: 'ada@example.org', leadsTo: courseUrl });
    expect(school.signIn(link.replace('jwt=ey', 'jwt=fy'))).to.equal(undefined);
    expect(await enrol.link?.({ ...given, isNewAccount: false }, { course }, ctx)).to.equal(courseUrl);
    expect(await enrol.link?.(given, { course }, context())).to.equal(courseUrl);
  });

  it('waits until the second that the limit names', async () => {
    const reply = jsonReply({ error: 'Too many requests' }, 429);
    const reset = String(now().getTime() / 1000 + 20);
    school.faults.next(fault.reply({ ...reply, headers: { ...reply.headers, 'ratelimit-reset': reset } }));
    const error = await enrol.grant({ course }, context()).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'THINKIFIC_BUSY', retryAfterMs: 20_000 });
  });

  it('gives nothing whose end has come before it is given', async () => {
    const error = await enrol
      .grant({ course }, context({}, { until: new Date('2026-02-01') }))
      .catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'THINKIFIC_TERM_OVER', retry: 'never' });
  });
});
