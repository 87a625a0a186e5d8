import { expect } from 'chai';
import type { ActionContext } from 'handover/contract';
import { enrol } from '../../connectors/open-edx/enrol.ts';
import { openEdx, type OpenEdxOptions } from '../../connectors/open-edx/index.ts';
import { testContext, testOrder } from '../../src/testing/action-context.ts';
import { fault, jsonReply } from '../../src/testing/double-server.ts';
import { startOpenEdx, type OpenEdxDouble } from '../../src/testing/open-edx/index.ts';
import { connectorSuite } from '../../src/testing/suites/connector-suite.ts';

const now = () => new Date('2026-03-01T12:00:00Z');

async function open() {
  const lms = await startOpenEdx({ now });
  const course = lms.addCourse();
  lms.addEnrolment({ username: lms.addUser('bystander@example.org'), courseId: course, mode: 'verified', isActive: true });
  const { url: baseUrl, clientId, clientSecret } = lms;
  const options: OpenEdxOptions = { baseUrl, clientId, clientSecret, mode: 'verified', requestTimeoutSeconds: 5 };
  return { lms, course, options };
}

connectorSuite({
  name: 'open-edx.enrol',
  connector: openEdx,
  action: 'enrol',
  async open() {
    const { lms, course, options } = await open();
    return {
      options,
      input: { course },
      effects: () => lms.books.enrolments.filter(({ isActive }) => isActive),
      traces: () => ({ users: lms.books.users, enrolments: lms.books.enrolments.length }),
      secrets: () => lms.books.secrets,
      faults: lms.faults,
      now,
      failure: jsonReply({ error_code: 'temporary' }),
      wrong: [
        { name: 'a bad secret', options: { ...options, clientSecret: 'f'.repeat(32) } },
        { name: 'a user that is not staff', prepare: () => void (lms.switches.isStaff = false) },
        { name: 'an unknown course', input: { course: 'course-v1:Example+None+2026' } },
        { name: 'a mode that is not offered', input: { course, mode: 'professional' } },
      ],
      close: () => lms.close(),
    };
  },
});

describe('open-edx', () => {
  let lms: OpenEdxDouble;
  let course: string;
  let options: OpenEdxOptions;
  beforeEach(async () => {
    ({ lms, course, options } = await open());
  });
  afterEach(() => lms.close());
  const context = (changes: Partial<OpenEdxOptions> = {}, given: Partial<ActionContext<OpenEdxOptions>> = {}) =>
    testContext({ options: { ...options, ...changes }, now, order: testOrder(), ...given });
  const seatOf = (username: string) => lms.books.enrolments.find((seat) => seat.username === username);
  const failureOf = (work: Promise<unknown>) => work.catch((error: unknown) => error as { code: string });
  const codeOf = async (work: Promise<unknown>) => ((await failureOf(work)) as { code?: string }).code;

  it('turns a free mode into the paid one, and gives the free one back', async () => {
    const username = lms.addUser('ada@example.org');
    lms.addEnrolment({ username, courseId: course, mode: 'audit', isActive: true });
    const given = await enrol.grant({ course }, context());
    expect(seatOf(username)).to.include({ mode: 'verified', isActive: true });
    await enrol.suspend?.(given, { course }, context());
    await enrol.revoke?.(given, { course }, context());
    expect(seatOf(username)).to.include({ mode: 'audit', isActive: true });
  });

  it('leaves alone who has the same already, also after a refund', async () => {
    const username = lms.addUser('ada@example.org');
    lms.addEnrolment({ username, courseId: course, mode: 'verified', isActive: true });
    await enrol.revoke?.(await enrol.grant({ course }, context()), { course }, context());
    expect(seatOf(username)).to.include({ isActive: true });
  });

  it('opens what was closed, and closes it again', async () => {
    const username = lms.addUser('ada@example.org');
    lms.addEnrolment({ username, courseId: course, mode: 'verified', isActive: false });
    const given = await enrol.grant({ course }, context());
    expect(seatOf(username)?.isActive).to.equal(true);
    await enrol.revoke?.(given, { course }, context());
    expect(seatOf(username)?.isActive).to.equal(false);
  });

  it('asks for a new token when the old one was taken back before its time', async () => {
    await enrol.grant({ course }, context());
    lms.endTokens();
    const order = testOrder({ buyer: { email: 'bob@example.org' } });
    expect(await enrol.grant({ course }, context({}, { order }))).to.include({ isOurs: true });
    const asked = lms.books.requests.filter(({ path }) => path === '/oauth2/access_token');
    expect(asked).to.have.length(2);
  });

  it('gives new learners a user name that tells nothing', async () => {
    const { username } = await enrol.grant({ course }, context());
    expect(username).to.match(/^learner_[0-9a-f]{20}$/);
  });

  it('asks a person where registration is closed, wants more fields, or is not to be used', async () => {
    const codes = [];
    lms.switches.registrationIsOpen = false;
    codes.push(await codeOf(enrol.grant({ course }, context())));
    lms.switches.registrationIsOpen = true;
    lms.switches.needs = ['country'];
    codes.push(await codeOf(enrol.grant({ course }, context())));
    codes.push(await codeOf(enrol.grant({ course }, context({ accounts: 'ask' }))));
    expect(codes).to.deep.equal(['EDX_ACCOUNT_REFUSED', 'EDX_ACCOUNT_REFUSED', 'EDX_NO_ACCOUNT']);
    expect(await enrol.grant({ course }, context({ registration: { country: 'AT' } }))).to.include({ isOurs: true });
  });

  it('gives nothing in a mode that the course does not offer', async () => {
    const error = await failureOf(enrol.grant({ course, mode: 'professional' }, context()));
    expect(error).to.include({ code: 'EDX_MODE_UNKNOWN' });
    expect(lms.books.users).to.have.length(1);
  });

  it('asks a person when Open edX confirms something else than was asked', async () => {
    const reply = jsonReply({ mode: 'audit', is_active: true });
    lms.faults.next(fault.reply(reply), { method: 'POST', path: /v1\/enrollment$/ });
    expect(await failureOf(enrol.grant({ course }, context()))).to.include({ code: 'EDX_NOT_AS_ASKED', retry: 'never' });
  });
});
