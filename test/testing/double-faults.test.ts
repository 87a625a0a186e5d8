import { expect } from 'chai';
import { fault } from '../../src/testing/double-server.ts';
import { startAxisLms, type AxisLmsDouble } from '../../src/testing/axis-lms/index.ts';
import { signedIn } from './axis-lms-client.ts';

describe('the faults of a double', () => {
  let lms: AxisLmsDouble;
  let axis: Awaited<ReturnType<typeof signedIn>>;
  beforeEach(async () => {
    lms = await startAxisLms();
    axis = await signedIn(lms);
  });
  afterEach(() => lms.close());

  const create = (username = 'ada.lovelace') => axis.post('/users/', { username });
  const users = () => lms.books.users.length;
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => 'none',
      (error: unknown) => (error instanceof TypeError ? 'connection' : String(error)),
    );

  it('drop closes the connection before anything is done', async () => {
    lms.faults.next(fault.drop());
    expect(await failure(create())).to.equal('connection');
    expect(users()).to.equal(0);
    expect((await create()).status).to.equal(200);
  });

  it('commitThenDrop does the work and closes the connection', async () => {
    lms.faults.next(fault.commitThenDrop());
    expect(await failure(create())).to.equal('connection');
    expect(users()).to.equal(1);
  });

  it('commitThen500 does the work and answers 500', async () => {
    lms.faults.next(fault.commitThen500());
    expect((await create()).status).to.equal(500);
    expect(users()).to.equal(1);
  });

  it('commitThenHang does the work and never answers', async () => {
    lms.faults.next(fault.commitThenHang());
    const impatient = fetch(`${lms.url}/users/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${axis.token}` },
      body: new URLSearchParams({ username: 'ada.lovelace' }),
      signal: AbortSignal.timeout(100),
    });
    expect(await failure(impatient)).to.include('TimeoutError');
    expect(users()).to.equal(1);
  });

  it('garbage, huge and reply answer 200 and do nothing', async () => {
    lms.faults.next(fault.garbage());
    lms.faults.next(fault.huge());
    lms.faults.next(fault.reply({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'not today' }));
    const [garbage, huge, reply] = [await create(), await create(), await create()];
    expect([garbage.status, garbage.json, huge.status, reply.text]).to.deep.equal([200, undefined, 200, 'not today']);
    expect(huge.text.length).to.be.above(5 * 1024 * 1024);
    expect(users()).to.equal(0);
  });

  it('delay answers late, and does the work even for a caller who has gone', async () => {
    lms.faults.next(fault.delay(30));
    expect((await create()).status).to.equal(200);
    lms.faults.next(fault.delay(60));
    const impatient = fetch(`${lms.url}/users/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${axis.token}` },
      body: new URLSearchParams({ username: 'alan.turing' }),
      signal: AbortSignal.timeout(20),
    });
    expect(await failure(impatient)).to.include('TimeoutError');
    while (users() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('status answers that status with Retry-After in seconds or as a date, and does nothing', async () => {
    const at = new Date('2026-03-01T18:00:00Z');
    lms.faults.next(fault.status(429, { retryAfter: 7 }));
    lms.faults.next(fault.status(503, { retryAfter: at }));
    lms.faults.next(fault.status(502));
    const answers = [];
    for (let count = 0; count < 3; count += 1) {
      const { status, headers } = await fetch(`${lms.url}/token/request/?auth=${lms.apiKey}`);
      answers.push([status, headers.get('retry-after')]);
    }
    expect(answers).to.deep.equal([
      [429, '7'],
      [503, 'Sun, 01 Mar 2026 18:00:00 GMT'],
      [502, null],
    ]);
  });

  it('html answers 200 with a page and does nothing', async () => {
    lms.faults.next(fault.html());
    const { status, type, text } = await create();
    expect([status, type]).to.deep.equal([200, 'text/html; charset=utf-8']);
    expect(text).to.include('<h1>');
    expect(users()).to.equal(0);
  });

  it('truncatedJson does the work and answers half of it', async () => {
    lms.faults.next(fault.truncatedJson());
    const { status, type, text, json } = await create();
    expect([status, type, text, json]).to.deep.equal([200, 'application/json', '{"status":"200', undefined]);
    expect(users()).to.equal(1);
  });

  it('drip answers byte by byte, or never ends', async () => {
    lms.faults.next(fault.drip({ byteEveryMs: 1 }));
    expect((await create()).json).to.deep.equal({ status: '200', id: '601' });
    lms.faults.next(fault.drip({ byteEveryMs: 1, endless: true }));
    const response = await fetch(`${lms.url}/token/request/?auth=${lms.apiKey}`, { signal: AbortSignal.timeout(50) });
    expect(response.status).to.equal(200);
    expect(await failure(response.text())).to.include('TimeoutError');
  });

  it('redirect sends elsewhere and does nothing', async () => {
    lms.faults.next(fault.redirect('http://127.0.0.1:9/elsewhere', 307));
    const { status, location } = await create();
    expect([status, location]).to.deep.equal([307, 'http://127.0.0.1:9/elsewhere']);
    expect(users()).to.equal(0);
  });

  it('refuse closes the port for a while', async () => {
    lms.faults.next(fault.refuse(100));
    expect(await failure(create())).to.equal('connection');
    expect(users()).to.equal(0);
    while ((await failure(create())) !== 'none') await new Promise((resolve) => setTimeout(resolve, 10));
    expect(users()).to.equal(1);
  });

  it('goes down and comes back at the same port', async () => {
    await lms.goDown();
    expect(await failure(create())).to.equal('connection');
    await lms.comeBack();
    expect((await create()).status).to.equal(200);
    expect(lms.books.requests).to.have.length(2);
  });

  it('meets one matching request for each queued fault, in order, and leaves the others alone', async () => {
    lms.faults.next(fault.status(503), { method: 'POST', path: /\/users\/$/ });
    lms.faults.next(fault.status(502), { when: (request) => request.form['username'] === 'ada.lovelace' });
    expect((await axis.get('/courses/list/')).status).to.equal(200);
    expect(lms.faults.waiting).to.equal(2);
    expect((await create()).status).to.equal(503);
    expect((await create('alan.turing')).status).to.equal(200);
    expect((await create()).status).to.equal(502);
    expect(lms.faults.waiting).to.equal(0);
    expect((await create()).status).to.equal(200);
  });

  it('meets every matching request until told to stop', async () => {
    const stop = lms.faults.always(fault.status(503), { method: 'POST' });
    expect([(await create()).status, (await create()).status]).to.deep.equal([503, 503]);
    stop();
    expect((await create()).status).to.equal(200);
    lms.faults.always(fault.drop());
    lms.faults.clear();
    expect((await axis.get('/courses/list/')).status).to.equal(200);
  });

  it('closes at once although answers are still held back', async () => {
    lms.faults.next(fault.delay(3_600_000));
    const held = failure(create());
    while (lms.books.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await lms.close();
    expect(await held).to.equal('connection');
    expect(users()).to.equal(0);
  });
});
