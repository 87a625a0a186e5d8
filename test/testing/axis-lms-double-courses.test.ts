import { expect } from 'chai';
import { startAxisLms, type AxisLmsDouble } from '../../src/testing/axis-lms/index.ts';
import { signedIn, stoppedClock } from './axis-lms-client.ts';

describe('the double of Axis LMS: courses and learning paths', () => {
  let lms: AxisLmsDouble;
  let axis: Awaited<ReturnType<typeof signedIn>>;
  beforeEach(async () => {
    lms = await startAxisLms({ now: stoppedClock().now });
    axis = await signedIn(lms);
    lms.addUser({ username: 'ada.lovelace', email: 'ada@example.org' });
    lms.addCourse({ name: 'TypeScript in a week', catalogId: 'TS-101' });
    lms.addLearningPath({ name: 'From zero to web' });
  });
  afterEach(() => lms.close());

  const seat = '/courses/enrollments/17/601/';
  const path = '/learningpaths/enrollments/41/users/601/';
  const window = () => lms.books.enrolments.map(({ start, end }) => `${start}-${end}`);

  it('lists active courses, counts them and shows one whole', async () => {
    lms.addCourse({ name: 'Retired', isActive: false });
    expect((await axis.get('/courses/list/')).json).to.deep.equal([{ id: '17', name: 'TypeScript in a week' }]);
    expect((await axis.get('/courses/count/')).json).to.deep.equal([{ records: '2' }]);
    const { json } = await axis.get('/courses/18/');
    expect(json).to.include({ id: '18', name: 'Retired', is_active: 'no', catalog_id: '', created: '2026-03-01 13:00:00' });
    expect(Object.values(json as object).every((value) => typeof value === 'string')).to.equal(true);
  });

  it('enrols, echoes only the dates that were sent and notes one notification for each write', async () => {
    const bare = await axis.post(seat);
    expect(bare.json).to.deep.equal({ status: '200', course_id: '17', user_id: '601' });
    const dated = await axis.post(seat, { start: '20260301', end: '20270301' });
    const echo = { status: '200', course_id: '17', user_id: '601', start_date: '20260301', end_date: '20270301' };
    expect(dated.json).to.deep.equal(echo);
    expect((await axis.post(seat, { end: '20280301' })).json).not.to.have.property('start_date');
    expect(lms.books.enrolments).to.deep.equal([
      {
        username: 'ada.lovelace',
        email: 'ada@example.org',
        courseId: '17',
        courseName: 'TypeScript in a week',
        start: '20260301',
        end: '20280301',
      },
    ]);
    expect(lms.books.notifications).to.have.length(3);
  });

  it('refuses unknown users and courses with 404, inactive ones with 400', async () => {
    expect((await axis.post('/courses/enrollments/601/17/', { start: '20260301' })).status).to.equal(404);
    expect((await axis.post('/courses/enrollments/17/999/', { start: '20260301' })).status).to.equal(404);
    lms.changeCourse('17', { isActive: false });
    expect((await axis.post(seat, { start: '20260301' })).status).to.equal(400);
    lms.changeCourse('17', { isActive: true });
    lms.changeUser('601', { isActive: false });
    expect((await axis.post(seat, { start: '20260301' })).status).to.equal(400);
    lms.changeUser('601', { isActive: true, fields: { date_expire: '20260228' } });
    expect((await axis.post(seat, { start: '20260301' })).status).to.equal(400);
    lms.changeUser('601', { fields: { date_expire: '20260301' } });
    expect((await axis.post(seat, { start: '20260301' })).status).to.equal(200);
  });

  it('refuses dates that are no days', async () => {
    for (const date of ['2026-03-01', '20260231', '20260001', '20261301', '20270229', '260301', '']) {
      expect((await axis.post(seat, { start: date })).status, `start ${date}`).to.equal(400);
      expect((await axis.post(seat, { end: date })).status, `end ${date}`).to.equal(400);
    }
    expect(lms.books.enrolments).to.be.empty;
    expect((await axis.post(seat, { start: '20280229' })).status).to.equal(200);
  });

  it('wants the end later than the start, sent or on file, and else changes nothing', async () => {
    expect((await axis.post(seat, { start: '20260301', end: '20260301' })).status).to.equal(400);
    expect(window()).to.deep.equal([]);
    await axis.post(seat, { start: '20260301', end: '20270301' });
    expect((await axis.post(seat, { start: '20270301' })).status).to.equal(400);
    expect((await axis.post(seat, { end: '20260228' })).status).to.equal(400);
    expect(window()).to.deep.equal(['20260301-20270301']);
    expect(lms.books.notifications).to.have.length(1);
    expect((await axis.post(seat, { start: '20270301', end: '20280301' })).status).to.equal(200);
    expect(window()).to.deep.equal(['20270301-20280301']);
  });

  it('refuses a repeat without dates or takes it, as bareReenrol says', async () => {
    await axis.post(seat, { start: '20260301' });
    expect((await axis.post(seat)).status).to.equal(400);
    lms.switches.bareReenrol = 'ok';
    expect((await axis.post(seat)).status).to.equal(200);
    expect(window()).to.deep.equal(['20260301-']);
  });

  it('disenrols, and answers a repeat and the body as the switches say', async () => {
    lms.addEnrolment({ userId: '601', courseId: '17' });
    expect((await axis.delete(seat)).json).to.deep.equal({ status: '200', course_id: '17', user_id: '601' });
    expect(window()).to.deep.equal([]);
    expect((await axis.delete(seat)).status).to.equal(400);
    lms.switches.deleteMissing = 'ok';
    lms.switches.deleteBody = 'statusOnly';
    expect((await axis.delete(seat)).json).to.deep.equal({ status: '200' });
    expect((await axis.delete('/courses/enrollments/17/999/')).status).to.equal(404);
  });

  it('lists the users of a course by status, under the names the switch says', async () => {
    lms.addUser({ username: 'was.here' });
    lms.addUser({ username: 'last.day' });
    lms.addEnrolment({ userId: '601', courseId: '17', start: '20260301' });
    lms.addEnrolment({ userId: '602', courseId: '17', start: '20250101', end: '20260228' });
    lms.addEnrolment({ userId: '603', courseId: '17', start: '20250101', end: '20260301' });
    const expired = { user_id: '602', username: 'was.here', start_date: '20250101', end_date: '20260228' };
    expect((await axis.get('/courses/17/users/expired/')).json).to.deep.equal([expired]);
    const ids = async (tail: string) =>
      ((await axis.get(`/courses/17/users/${tail}`)).json as Record<string, string>[]).map((row) => row['user_id']);
    expect(await ids('')).to.deep.equal(['601', '603']);
    expect(await ids('active/')).to.deep.equal(['601', '603']);
    expect(await ids('all/')).to.deep.equal(['601', '602', '603']);
    lms.switches.courseRowNames = 'id/start/end';
    expect((await axis.get('/courses/17/users/expired/')).json).to.deep.equal([
      { id: '602', username: 'was.here', start: '20250101', end: '20260228' },
    ]);
    expect((await axis.get('/courses/999/users/all/')).status).to.equal(404);
  });

  it('gives the users of a course at once, or in pages, as courseRowsPaged says', async () => {
    for (let index = 0; index < 101; index += 1) {
      lms.addEnrolment({ userId: lms.addUser({ username: `user${index}` }).id, courseId: '17' });
    }
    expect((await axis.get('/courses/17/users/all/')).json).to.have.length(101);
    expect((await axis.get('/courses/17/users/all/page2/')).status).to.equal(404);
    lms.switches.courseRowsPaged = true;
    expect((await axis.get('/courses/17/users/all/')).json).to.have.length(100);
    expect((await axis.get('/courses/17/users/all/page2/')).json).to.have.length(1);
  });

  it('enrols in a learning path once, and calls every repeat an error', async () => {
    expect((await axis.get('/learningpaths/list/')).json).to.deep.equal([{ id: '41', name: 'From zero to web' }]);
    expect((await axis.get('/learningpaths/41/users/601/')).json).to.deep.equal([]);
    expect((await axis.post(path)).json).to.include({ status: '200', user_id: '601' });
    expect((await axis.post(path)).status).to.equal(400);
    expect((await axis.post(path, { start: '20260301' })).status).to.equal(400);
    expect((await axis.get('/learningpaths/41/users/601/')).json).to.have.nested.property('[0].user_id', '601');
    expect((await axis.get('/learningpaths/41/users/')).json).to.have.length(1);
    expect(lms.books.learningPathEnrolments).to.deep.equal([
      { username: 'ada.lovelace', email: 'ada@example.org', learningPathId: '41', learningPathName: 'From zero to web' },
    ]);
    expect(lms.books.notifications).to.have.length(1);
  });

  it('disenrols from a learning path once', async () => {
    await axis.post(path);
    expect((await axis.delete(path)).status).to.equal(200);
    expect((await axis.delete(path)).status).to.equal(400);
    expect(lms.books.learningPathEnrolments).to.be.empty;
  });

  it('refuses learning paths to inactive users, and unknown ones altogether', async () => {
    lms.changeUser('601', { isActive: false });
    expect((await axis.post(path)).status).to.equal(400);
    expect((await axis.post('/learningpaths/enrollments/17/users/601/')).status).to.equal(404);
    expect((await axis.post('/learningpaths/enrollments/41/601/')).status).to.equal(404);
    expect(lms.books.learningPathEnrolments).to.be.empty;
  });

  it('forgets the seats of an account that was removed', async () => {
    lms.addEnrolment({ userId: '601', courseId: '17' });
    lms.removeUser('601');
    expect(lms.books.enrolments).to.be.empty;
    expect((await axis.get('/users/601/')).status).to.equal(404);
  });
});
