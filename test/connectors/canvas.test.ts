import { expect } from 'chai';
import type { ActionContext } from 'handover/contract';
import { enrol } from '../../connectors/canvas/enrol.ts';
import { canvas, type CanvasOptions } from '../../connectors/canvas/index.ts';
import { testContext, testOrder } from '../../src/testing/action-context.ts';
import { startCanvas, type CanvasDouble } from '../../src/testing/canvas/index.ts';
import { fault, jsonReply } from '../../src/testing/double-server.ts';
import { connectorSuite } from '../../src/testing/suites/connector-suite.ts';

const now = () => new Date('2026-03-01T12:00:00Z');
const nextYear = new Date('2027-03-01T12:00:00Z');

async function open() {
  const lms = await startCanvas({ now });
  const course = lms.addCourse({ sis: 'TS-101' });
  lms.addEnrolment({ userId: lms.addUser('bystander@example.org'), courseId: course });
  const options: CanvasOptions = { baseUrl: lms.url, token: lms.token, requestTimeoutSeconds: 5 };
  return { lms, course, options };
}

for (const endBy of ['deactivate', 'delete'] as const) {
  connectorSuite({
    name: `canvas.enrol, ended by "${endBy}"`,
    connector: canvas,
    action: 'enrol',
    async open() {
      const { lms, course, options } = await open();
      return {
        options: { ...options, endBy },
        input: { course },
        effects: () => lms.books.enrolments.filter(({ enrollment_state: state }) => state === 'active'),
        traces: () => ({ users: lms.books.users, enrolments: lms.books.enrolments }),
        secrets: () => lms.books.secrets,
        faults: lms.faults,
        now,
        failure: jsonReply({ errors: [{ message: 'An error occurred.' }] }),
        wrong: [
          { name: 'a bad token', options: { ...options, token: 'f'.repeat(32) } },
          { name: 'no right to find users', prepare: () => lms.forbid('read_roster') },
          { name: 'no right to make users', prepare: () => lms.forbid('manage_user_logins') },
          { name: 'no right to enrol', prepare: () => lms.forbid('add_student_to_course') },
          { name: 'an unknown course', input: { course: '999' } },
          { name: 'a course that nobody may enter', input: { course: lms.addCourse({ state: 'unpublished' }) } },
        ],
        close: () => lms.close(),
      };
    },
  });
}

describe('canvas', () => {
  let lms: CanvasDouble;
  let course: string;
  let options: CanvasOptions;
  beforeEach(async () => {
    ({ lms, course, options } = await open());
  });
  afterEach(() => lms.close());
  const context = (changes: Partial<CanvasOptions> = {}, given: Partial<ActionContext<CanvasOptions>> = {}) =>
    testContext({ options: { ...options, ...changes }, now, order: testOrder(), ...given });
  const seatOf = (userId: string) => lms.books.enrolments.find(({ user_id }) => user_id === userId);
  const failureOf = (work: Promise<unknown>) => work.catch((error: unknown) => error as { code: string });

  it('enrols at once, without an invitation, with both dates or none', async () => {
    const dated = await enrol.grant({ course }, context({}, { until: nextYear }));
    expect(seatOf(dated.userId)).to.include({
      enrollment_state: 'active',
      start_at: '2026-03-01T11:55:00.000Z',
      end_at: nextYear.toISOString(),
    });
    const order = testOrder({ buyer: { email: 'bob@example.org' } });
    const endless = await enrol.grant({ course }, context({}, { order }));
    expect(seatOf(endless.userId)).to.include({ enrollment_state: 'active', start_at: null, end_at: null });
  });

  it('finds a course by its SIS ID, and a learner on a later page whose login differs from the address', async () => {
    lms.switches.pageSize = 1;
    lms.addUser('ada@example.org.example.com');
    const userId = lms.addUser('Ada@Example.org', 'ada.byron');
    expect(await enrol.grant({ course: 'TS-101' }, context({ courseBy: 'sis' }))).to.include({ userId, courseId: course });
  });

  it('goes to no other address for the next page, as the token would travel along', async () => {
    const reply = jsonReply([]);
    const link = '<https://elsewhere.example.com/api/v1/accounts/self/users?page=2>; rel="next"';
    lms.faults.next(fault.reply({ ...reply, headers: { ...reply.headers, link } }), { path: /users/ });
    expect(await failureOf(enrol.grant({ course }, context()))).to.include({ code: 'CANVAS_UNREADABLE' });
  });

  it('leaves access alone that lasts as long, and gives back shorter access, a pause and an end', async () => {
    const was = [
      { state: 'active', until: undefined },
      { state: 'active', until: '2026-06-01T00:00:00Z' },
      { state: 'inactive', until: undefined },
      { state: 'completed', until: undefined },
    ] as const;
    for (const [index, { state, until }] of was.entries()) {
      const email = `learner${index}@example.org`;
      const userId = lms.addUser(email);
      lms.addEnrolment({ userId, courseId: course, state, ...(until && { until }) });
      const order = testOrder({ buyer: { email } });
      const given = await enrol.grant({ course }, context({}, { order, until: nextYear }));
      expect(seatOf(userId)?.enrollment_state).to.equal('active');
      await enrol.revoke?.(given, { course }, context());
      expect(seatOf(userId)).to.include({ enrollment_state: state, ...(until && { end_at: until }) });
    }
  });

  it('asks a person when Canvas kept the former dates', async () => {
    lms.switches.keepsDates = true;
    const userId = lms.addUser('ada@example.org');
    lms.addEnrolment({ userId, courseId: course, until: '2026-06-01T00:00:00Z' });
    const error = await failureOf(enrol.grant({ course }, context({}, { until: nextYear })));
    expect(error).to.include({ code: 'CANVAS_NOT_AS_ASKED', retry: 'never' });
  });

  it('asks a person when a login is taken that cannot be found, after a few attempts', async () => {
    lms.addUser('other@example.org', 'ada@example.org');
    lms.faults.always(fault.reply(jsonReply([])), { method: 'GET', path: /accounts\/self\/users/ });
    let ctx = context();
    const codes = [];
    for (let count = 0; count < 3; count += 1, ctx = ctx.again()) {
      const { code, retry } = (await failureOf(enrol.grant({ course }, ctx))) as { code: string; retry: string };
      codes.push(`${code} ${retry}`);
    }
    expect(codes).to.deep.equal(['CANVAS_ACCOUNT_REFUSED later', 'CANVAS_ACCOUNT_REFUSED later', 'CANVAS_ACCOUNT_REFUSED never']);
  });

  it('takes a 403 about the rate limit for a wait, and any other for a missing right', async () => {
    lms.faults.next(fault.reply({ status: 403, headers: {}, body: '403 Forbidden (Rate Limit Exceeded)' }));
    expect(await failureOf(enrol.grant({ course }, context()))).to.include({ code: 'CANVAS_BUSY', retryAfterMs: 15_000 });
    lms.forbid('read_roster');
    expect(await failureOf(enrol.grant({ course }, context()))).to.include({ code: 'CANVAS_RIGHT_MISSING' });
  });

  it('does not open again what a teacher has ended', async () => {
    const given = await enrol.grant({ course }, context());
    lms.faults.clear();
    const index = lms.books.enrolments.findIndex(({ id }) => id === given.enrolmentId);
    Object.assign(lms.books.enrolments[index] ?? {}, { enrollment_state: 'completed' });
    const resumed = enrol.resume?.(given, { course }, context()) ?? Promise.resolve();
    expect(await failureOf(resumed)).to.include({ code: 'CANVAS_ENROLMENT_GONE' });
  });

  it('moves the end when the contract is renewed', async () => {
    const given = await enrol.grant({ course }, context({}, { until: nextYear }));
    const until = new Date('2028-03-01T12:00:00Z');
    expect(await enrol.renew?.(given, { course }, { ...context(), until })).to.include({ end: '2028-03-01' });
    expect(seatOf(given.userId)?.end_at).to.equal(until.toISOString());
  });
});
