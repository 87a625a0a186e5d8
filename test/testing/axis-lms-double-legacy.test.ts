import { expect } from 'chai';
import { startAxisLms, type AxisLmsDouble } from '../../src/testing/axis-lms/index.ts';
import { ask, stoppedClock } from './axis-lms-client.ts';

describe('the double of Axis LMS: the Legacy API', () => {
  let lms: AxisLmsDouble;
  let clock: ReturnType<typeof stoppedClock>;
  beforeEach(async () => {
    clock = stoppedClock();
    lms = await startAxisLms({ now: clock.now });
    lms.addCourse({ name: 'C & D <basics>', catalogId: 'CD-1' });
  });
  afterEach(() => lms.close());

  const send = (query: Record<string, string>) => ask(`${lms.legacyUrl}?${new URLSearchParams(query).toString()}`);
  const run = async (command: string, ...[p2 = '', p3 = '', p4 = '', p5 = '']: string[]) => {
    const { text } = await send({ auth: lms.apiKey, command, p1: 'admin', p2, p3, p4, p5 });
    return text;
  };
  const yes = '<api_result><result>true</result></api_result>';
  const no = '<api_result><result>false</result></api_result>';
  const course = 'C & D <basics>';

  it('says false to a wrong key, or forbids it, as the switch says', async () => {
    const wrong = { auth: 'wrong', command: 'course__getList', p1: 'admin' };
    const answer = await send(wrong);
    expect([answer.status, answer.type, answer.text]).to.deep.equal([200, 'text/xml; charset=utf-8', no]);
    lms.switches.legacyWrongKey = 'forbidden';
    expect((await send(wrong)).status).to.equal(403);
  });

  it('knows commands in any case, by underscores, and by a slash only if the switch says so', async () => {
    const list = '<api_result><result>C &#38; D &#60;basics&#62;</result></api_result>';
    expect(await run('course__getList')).to.equal(list);
    expect(await run('COURSE__getlist')).to.equal(list);
    expect(await run('course/getlist')).to.equal(no);
    lms.switches.legacyCommandForm = 'both';
    expect(await run('course/getlist')).to.equal(list);
    expect(await run('course__paint')).to.equal(no);
  });

  it('says false to a foreign partition and is not reached by POST', async () => {
    expect((await send({ auth: lms.apiKey, command: 'course__getList', p1: 'other' })).text).to.equal(no);
    expect((await ask(lms.legacyUrl, { method: 'POST' })).status).to.equal(405);
  });

  it('lists nothing as an empty root', async () => {
    lms.changeCourse('17', { isActive: false });
    expect(await run('course__getList')).to.equal('<api_result></api_result>');
  });

  it('adds a user with a password and pairs, once', async () => {
    expect(await run('user__add', 'ada.lovelace', 'secret', 'first_name=Ada||company=a=b')).to.equal(yes);
    expect(lms.books.users[0]).to.include({ username: 'ada.lovelace', firstName: 'Ada' });
    expect(lms.books.users[0]?.fields).to.include({ company: 'a=b' }).and.not.have.property('password');
    expect(await run('user__add', 'ADA.lovelace', 'secret')).to.equal(no);
    expect(await run('user__add', 'alan.turing', '')).to.equal(no);
    expect(await run('user__add', 'a'.repeat(41), 'secret')).to.equal(no);
    expect(await run('user__add', 'alan.turing', 'secret', 'state=Texas')).to.equal(no);
    expect(await run('user__add', 'alan.turing', 'secret', 'role=manager')).to.equal(no);
    expect(await run('user__add', 'alan.turing', 'secret', 'first_name')).to.equal(no);
    expect(lms.books.users).to.have.length(1);
  });

  it('enrols by username and course name, and repeats with new dates', async () => {
    lms.addUser({ username: 'ada.lovelace' });
    expect(await run('user__enroll', 'ada.lovelace', course, '20260301', '20270301')).to.equal(yes);
    expect(await run('user__enroll', 'ada.lovelace', course, '20260401')).to.equal(yes);
    expect(await run('user__enroll', 'ada.lovelace', course)).to.equal(yes);
    expect(lms.books.enrolments).to.have.length(1);
    expect(lms.books.enrolments[0]).to.include({ courseName: course, start: '20260401', end: '20270301' });
    lms.switches.legacyRepeatEnrol = 'false';
    expect(await run('user__enroll', 'ada.lovelace', course, '20260501')).to.equal(no);
    expect(lms.books.enrolments[0]).to.include({ start: '20260401' });
  });

  it('gives no reason for refusing an enrolment', async () => {
    lms.addUser({ username: 'ada.lovelace' });
    lms.addUser({ username: 'alan.turing', isActive: false });
    expect(await run('user__enroll', 'nobody.here', course)).to.equal(no);
    expect(await run('user__enroll', 'alan.turing', course)).to.equal(no);
    expect(await run('user__enroll', 'ada.lovelace', 'No such course')).to.equal(no);
    expect(await run('user__enroll', 'ada.lovelace', course, '2026-03-01')).to.equal(no);
    expect(await run('user__enroll', 'ada.lovelace', course, '20260231')).to.equal(no);
    expect(await run('user__enroll', 'ada.lovelace', course, '20260301', '20260301')).to.equal(no);
    lms.changeCourse('17', { isActive: false });
    expect(await run('user__enroll', 'ada.lovelace', course)).to.equal(no);
    expect(lms.books.enrolments).to.be.empty;
  });

  it('disenrols once', async () => {
    const { id } = lms.addUser({ username: 'ada.lovelace' });
    lms.addEnrolment({ userId: id, courseId: '17' });
    expect(await run('user__disenroll', 'ada.lovelace', course)).to.equal(yes);
    expect(await run('user__disenroll', 'ada.lovelace', course)).to.equal(no);
    expect(await run('user__disenroll', 'nobody.here', course)).to.equal(no);
  });

  it('gives a sign-in link for so many minutes, creating the user if asked to', async () => {
    expect(await run('user__getSSO', 'ada.lovelace')).to.equal(no);
    expect(lms.books.users).to.be.empty;
    const link = (text: string) => /<result>(http.*)<\/result>/.exec(text)?.[1] ?? '';
    const short = link(await run('user__getSSO', 'ada.lovelace', 'true', '5'));
    const endless = link(await run('user__getSSO', 'ada.lovelace', 'false'));
    expect(lms.books.users).to.have.length(1);
    expect((await ask(short)).text).to.include('Signed in as ada.lovelace');
    clock.forward(300);
    expect((await ask(short)).status).to.equal(403);
    clock.forward(100_000_000);
    expect((await ask(endless)).status).to.equal(200);
    expect(await run('user__getSSO', 'ada.lovelace', 'false', '1000000')).to.equal(no);
  });

  it('gives records as named children, and false for what it does not know', async () => {
    const { id } = lms.addUser({ username: 'ada.lovelace' });
    lms.addEnrolment({ userId: id, courseId: '17' });
    const record = await run('course__getRecord', course);
    expect(record).to.include('<id>17</id><name>C &#38; D &#60;basics&#62;</name><catalog_id>CD-1</catalog_id>');
    expect(await run('course__getRecord', 'No such course')).to.equal(no);
    expect(await run('user__getRecord', 'ada.lovelace')).to.include('<username>ada.lovelace</username>');
    expect(await run('course__getUserList', course)).to.equal('<api_result><result>ada.lovelace</result></api_result>');
    lms.switches.legacyReads = 'false';
    expect(await run('user__getRecord', 'ada.lovelace')).to.equal(no);
    expect(await run('course__getUserList', course)).to.equal(no);
  });
});
