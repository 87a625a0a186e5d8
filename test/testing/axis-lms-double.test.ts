import { expect } from 'chai';
import { startAxisLms, type AxisLmsDouble, type AxisLmsOptions, type KeyPlacement } from '../../src/testing/axis-lms/index.ts';
import { ask, newToken, signedIn, stoppedClock } from './axis-lms-client.ts';

describe('the double of Axis LMS: keys, tokens and manners', () => {
  let lms: AxisLmsDouble;
  const clock = stoppedClock();
  const start = async (options: AxisLmsOptions = {}) => (lms = await startAxisLms({ now: clock.now, ...options }));
  afterEach(() => lms.close());

  const waysToSendTheKey: Record<Exclude<KeyPlacement, 'any'>, (key: string) => [string, RequestInit]> = {
    bearer: (key) => ['', { headers: { authorization: `Bearer ${key}` } }],
    'query:auth': (key) => [`?auth=${key}`, {}],
    'query:key': (key) => [`?key=${key}`, {}],
    'header:x-api-key': (key) => ['', { headers: { 'x-api-key': key } }],
  };
  const requestToken = (way: keyof typeof waysToSendTheKey, key: string) => {
    const [query, init] = waysToSendTheKey[way](key);
    return ask(`${lms.url}/token/request/${query}`, init);
  };

  for (const placement of ['any', ...Object.keys(waysToSendTheKey)] as KeyPlacement[]) {
    it(`takes the API key only from where keyPlacement "${placement}" allows it`, async () => {
      await start({ keyPlacement: placement });
      for (const way of Object.keys(waysToSendTheKey) as (keyof typeof waysToSendTheKey)[]) {
        const isRight = placement === 'any' || placement === way;
        expect((await requestToken(way, lms.apiKey)).status, way).to.equal(isRight ? 200 : 401);
        expect((await requestToken(way, 'wrong')).status, way).to.equal(401);
      }
    });
  }

  it('gives a token of 20 letters and digits with an expiry in a zone of its own', async () => {
    await start({ timeZone: 'Asia/Tokyo' });
    const { json, type } = await requestToken('bearer', lms.apiKey);
    expect(type).to.equal('application/json');
    expect(json).to.have.all.keys('token', 'expires');
    expect((json as { token: string }).token).to.match(/^[A-Za-z0-9]{20}$/);
    expect((json as { expires: string }).expires).to.equal('2026-03-02 04:00:00');
  });

  it('accepts neither the API key nor an unknown token nor nothing on other paths', async () => {
    await start();
    for (const headers of [{ authorization: `Bearer ${lms.apiKey}` }, { authorization: 'Bearer nonsense' }, undefined]) {
      expect((await ask(`${lms.url}/courses/list/`, headers && { headers })).status).to.equal(401);
    }
  });

  it('lets a token die in the middle of a fulfilment, 3600 seconds after it was given', async () => {
    await start();
    const axis = await signedIn(lms);
    const course = lms.addCourse({ name: 'TypeScript in a week' });
    clock.forward(3599);
    const created = await axis.post('/users/', { username: 'ada.lovelace' });
    clock.forward(1);
    const { id } = created.json as { id: string };
    expect((await axis.post(`/courses/enrollments/${course.id}/${id}/`, { start: '20260301' })).status).to.equal(401);
    expect(lms.books.enrolments).to.be.empty;
  });

  it('can kill the token of exactly one request', async () => {
    await start();
    const [one, other] = [await signedIn(lms), await signedIn(lms)];
    lms.faults.next(lms.expireToken, { path: /\/courses\/count\/$/ });
    expect((await one.get('/courses/list/')).status).to.equal(200);
    expect((await one.get('/courses/count/')).status).to.equal(401);
    expect((await one.get('/courses/list/')).status).to.equal(401);
    expect((await other.get('/courses/list/')).status).to.equal(200);
  });

  it('keeps older tokens alive, or ends them with each new one, as newTokenEndsOld says', async () => {
    await start();
    const first = await signedIn(lms);
    await newToken(lms);
    expect((await first.get('/courses/list/')).status).to.equal(200);
    lms.switches.newTokenEndsOld = true;
    await newToken(lms);
    expect((await first.get('/courses/list/')).status).to.equal(401);
  });

  it('revokes a token for the holder of the key only', async () => {
    await start();
    const axis = await signedIn(lms);
    expect((await ask(`${lms.url}/token/revoke/?token=${axis.token}`)).status).to.equal(401);
    expect((await axis.get('/courses/list/')).status).to.equal(200);
    const revoked = await ask(`${lms.url}/token/revoke/?token=${axis.token}&auth=${lms.apiKey}`);
    expect(revoked.json).to.deep.equal({ status: '200' });
    expect((await axis.get('/courses/list/')).status).to.equal(401);
  });

  it('tells errors in the HTTP status, in the body only, or without a body, as errorStyle says', async () => {
    await start();
    const axis = await signedIn(lms);
    const http = await axis.get('/courses/999/');
    expect([http.status, (http.json as { status: string }).status]).to.deep.equal([404, '404']);
    lms.switches.errorStyle = 'body';
    const body = await axis.get('/courses/999/');
    expect([body.status, (body.json as { status: string }).status]).to.deep.equal([200, '404']);
    lms.switches.errorStyle = 'bare';
    const bare = await axis.get('/courses/999/');
    expect([bare.status, bare.text]).to.deep.equal([404, '']);
  });

  it('does not word one error the same way twice', async () => {
    await start();
    const axis = await signedIn(lms);
    const wordings = [await axis.get('/courses/999/'), await axis.get('/courses/999/')].map(({ text }) => text);
    expect(wordings[0]).not.to.equal(wordings[1]);
  });

  it('answers 404 to unknown paths and 405 to wrong methods', async () => {
    await start();
    const axis = await signedIn(lms);
    expect((await axis.get('/users/list/blocked/')).status).to.equal(404);
    expect((await axis.post('/courses/17/students/')).status).to.equal(404);
    expect((await axis.post('/courses/list/')).status).to.equal(405);
    expect((await axis.get('/users/')).status).to.equal(405);
    expect((await axis.get('/courses/enrollments/17/601/')).status).to.equal(405);
  });

  for (const basePath of ['/api.php', '/lms/api.php'] as const) {
    it(`answers under ${basePath} and has a plain web page elsewhere`, async () => {
      await start({ basePath });
      expect(lms.url).to.equal(lms.origin + basePath);
      expect((await (await signedIn(lms)).get('/courses/list/')).json).to.deep.equal([]);
      const other = basePath === '/api.php' ? '/lms/api.php' : '/api.php';
      const wrong = await ask(`${lms.origin}${other}/courses/list/`);
      expect([wrong.status, wrong.type]).to.deep.equal([404, 'text/html; charset=utf-8']);
    });
  }

  it('treats a missing last slash as the switch says, and never minds it on the update of a user', async () => {
    await start();
    const axis = await signedIn(lms);
    const { id } = lms.addUser({ username: 'ada.lovelace' });
    expect((await axis.get('/courses/list')).status).to.equal(200);
    lms.switches.slash = 'redirect';
    const redirected = await axis.get('/users/all', { fields: 'id' });
    expect([redirected.status, redirected.location]).to.deep.equal([301, '/api.php/users/all/?fields=id']);
    lms.switches.slash = 'notFound';
    expect((await axis.get('/courses/list')).status).to.equal(404);
    for (const slash of ['lenient', 'redirect', 'notFound'] as const) {
      lms.switches.slash = slash;
      expect((await axis.put(`/users/${id}`, { city: slash })).status).to.equal(200);
      expect((await axis.put(`/users/${id}/`, { city: slash })).status).to.equal(200);
    }
  });

  it('keeps every request with its method, path, parameters, body and time', async () => {
    await start();
    const axis = await signedIn(lms);
    await axis.post('/users/', { username: 'ada.lovelace' });
    const [, created] = lms.books.requests;
    expect(created).to.include({ method: 'POST', path: '/api.php/users/', at: clock.now() });
    expect(created?.body).to.deep.equal({ username: 'ada.lovelace' });
    expect(lms.books.requests).to.have.length(2);
  });

  it('shows the books as a page, with foreign text made harmless', async () => {
    await start();
    const user = lms.addUser({ username: 'ada.lovelace', firstName: '<b>Ada' });
    const course = lms.addCourse({ name: 'TypeScript & more' });
    lms.addEnrolment({ userId: user.id, courseId: course.id, start: '20260301' });
    const { status, type, text } = await ask(`${lms.origin}/`);
    expect([status, type]).to.deep.equal([200, 'text/html; charset=utf-8']);
    expect(text).to.include('ada.lovelace').and.include('TypeScript &#38; more').and.not.include('<b>Ada');
    expect(lms.books.requests).to.be.empty;
  });
});
