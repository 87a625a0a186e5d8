import { expect } from 'chai';
import type { HttpClient, HttpRequest } from 'handover/contract';
import type { AxisOptions } from '../../connectors/axis-lms/index.ts';
import { fault } from '../../src/testing/double-server.ts';
import { failureOf, openAxisSite, textOf, tokensAsked, withSite, year, type AxisSite } from './axis-lms-site.ts';

const grace = { email: 'grace@example.org', name: 'Grace Brewster Hopper' };

describe('the Axis LMS connector on the wire', () => {
  let site: AxisSite;
  beforeEach(async () => void (site = await openAxisSite()));
  afterEach(() => site.close());

  it('asks for one token, however many calls begin at once, and again after 55 minutes', async () => {
    site.lms.addCourse({ id: '18', name: 'Other' });
    await Promise.all([
      site.grant('enrol', year),
      site.grant('enrol', { course: '18' }),
      site.grant('enrolPath', { path: '41' }),
    ]);
    expect(tokensAsked(site)).to.equal(1);
    site.at('2026-03-01T12:54:00Z');
    await site.grant('enrol', year);
    expect(tokensAsked(site)).to.equal(1);
    site.at('2026-03-01T12:56:00Z');
    await site.grant('enrol', year);
    expect(tokensAsked(site)).to.equal(2);
  });

  it('renews once when the token dies between account and enrolment, also with parallel calls', async () => {
    for (const newTokenEndsOld of [false, true]) {
      await withSite({ double: { newTokenEndsOld } }, async (other) => {
        other.lms.faults.next(other.lms.expireToken, { method: 'POST', path: /enrollments/ });
        const { errors } = await other.grant('enrol', year);
        expect(errors).to.deep.equal([]);
        const asked = () => other.lms.books.requests.filter(({ path }) => path.endsWith('/token/request/')).length;
        expect(asked()).to.equal(2);
        other.lms.expireTokens();
        const buyers = ['b', 'c', 'd', 'e'].map((name) => ({ email: `${name}@example.org` }));
        const all = await Promise.all(buyers.map((buyer) => other.grant('enrol', year, other.context({ buyer }))));
        expect(all.flatMap((one) => one.errors)).to.deep.equal([]);
        expect(asked()).to.equal(3);
        expect(other.lms.books.enrolments).to.have.length(5);
      });
    }
  });

  it('gives up when a fresh token is refused too, and when the key is', async () => {
    const stop = site.lms.faults.always(fault.status(401), { path: /courses/ });
    expect((await site.grant('enrol', year)).parked?.code).to.equal('AXIS_TOKEN_REFUSED');
    expect(tokensAsked(site)).to.equal(2);
    stop();
    const { parked, errors } = await site.grant(
      'enrol',
      year,
      site.context({}, { options: { ...site.options, apiKey: 'wrong' } }),
    );
    expect(parked?.code).to.equal('AXIS_KEY_REFUSED');
    expect(errors).to.have.length(1);
  });

  for (const errorStyle of ['http', 'body', 'bare'] as const) {
    it(`believes a success only when HTTP status and body agree, and finds the cause (errors by ${errorStyle})`, async () => {
      await withSite({ double: { errorStyle, pastLastPage: 'error', courseRowsPaged: true } }, async (other) => {
        const good = await other.grant('enrol', year);
        expect(good.errors).to.deep.equal([]);
        other.lms.expireTokens();
        const unknown = await other.grant('enrol', { course: '99' });
        other.lms.changeUser('601', { isActive: false });
        const inactive = await other.grant('enrol', year, other.context());
        const wrongKey = await other.grant('enrol', year, other.context({}, { options: { ...other.options, apiKey: 'wrong' } }));
        const codes = [unknown, inactive, wrongKey].map(({ parked }) => parked?.code);
        expect(codes).to.deep.equal(['AXIS_COURSE_UNKNOWN', 'AXIS_USER_INACTIVE', 'AXIS_KEY_REFUSED']);
        other.lms.changeUser('601', { isActive: true });
        await other.undo('revoke', 'enrol', year, good.result ?? {});
        const raced = await Promise.all([other.grant('enrol', year), other.grant('enrolPath', { path: '41' })]);
        expect(raced.flatMap(({ errors }) => errors)).to.deep.equal([]);
        expect(other.lms.books.users).to.have.length(1);
      });
    });
  }

  for (const keyPlacement of ['bearer', 'query:auth', 'query:key', 'header:x-api-key'] as const) {
    it(`sends the key as ${keyPlacement} where that is set, and fails clearly otherwise`, async () => {
      await withSite({ double: { keyPlacement }, connector: { keyPlacement } }, async (other) => {
        expect((await other.grant('enrol', year)).errors).to.deep.equal([]);
        const elsewhere = { ...other.options, keyPlacement: keyPlacement === 'bearer' ? 'query:auth' : 'bearer' };
        const { parked } = await other.grant('enrol', year, other.context({}, { options: elsewhere }));
        expect(parked?.code).to.equal('AXIS_KEY_REFUSED');
        expect(parked?.hint).to.include('keyPlacement');
      });
    });
  }

  for (const encoding of ['form', 'json', 'query'] as const) {
    it(`sends parameters as ${encoding} where that is set, and fails clearly otherwise`, async () => {
      const bodyEncoding = { post: encoding, put: encoding };
      const other = { post: encoding === 'form' ? 'json' : 'form', put: 'query' } as const;
      await withSite({ double: { bodyEncoding }, connector: { bodyEncoding, extendAccounts: true } }, async (strict) => {
        strict.lms.addUser({ username: 'old@example.org', fields: { date_expire: '20260401' } });
        const both = await Promise.all(
          ['ada@example.org', 'old@example.org'].map((email) =>
            strict.grant('enrol', year, strict.context({ buyer: { email } })),
          ),
        );
        expect(both.flatMap(({ errors }) => errors)).to.deep.equal([]);
        expect(strict.lms.books.users[0]?.fields['date_expire']).to.equal('20270301');
        expect(strict.lms.books.enrolments.map(({ end }) => end)).to.deep.equal(['20270301', '20270301']);
        const wrong: AxisOptions = { ...strict.options, bodyEncoding: other };
        const { parked } = await strict.grant('enrol', year, strict.context({ buyer: grace }, { options: wrong }));
        expect(parked?.code).to.equal('AXIS_REFUSED');
      });
    });
  }

  it('does not take a confirmation for success when the dates did not arrive', async () => {
    for (const [extendAccounts, bodyEncoding] of [
      [false, { post: 'json', put: 'json' }],
      [true, { post: 'form', put: 'form' }],
    ] as const) {
      await withSite({ double: { bodyEncoding: { post: 'form', put: 'json' } } }, async (strict) => {
        strict.lms.addUser({ username: 'ada@example.org', fields: { date_expire: '20260401' } });
        const options = { ...strict.options, extendAccounts, bodyEncoding };
        const { parked } = await strict.grant('enrol', year, strict.context({}, { options }));
        expect(parked?.code).to.equal('AXIS_PARAMETERS_IGNORED');
        expect(parked?.hint).to.include(extendAccounts ? 'bodyEncoding.put' : 'bodyEncoding.post');
      });
    }
  });

  it('sends every path as documented, so that a system which insists on slashes works', async () => {
    for (const slash of ['redirect', 'notFound'] as const) {
      await withSite({ double: { slash, basePath: '/lms/api.php' }, connector: { extendAccounts: true } }, async (other) => {
        other.lms.addUser({ username: 'ada@example.org', fields: { date_expire: '20260401' } });
        for (const [name, input] of [
          ['enrol', year],
          ['enrolPath', { path: '41' }],
          ['addToGroup', { group: 'Spring class' }],
        ] as const) {
          const { result = {}, errors } = await other.grant(name, input);
          expect([...errors, ...(await other.undo('revoke', name, input, result)).errors]).to.deep.equal([]);
        }
      });
    }
  });

  it('never follows a redirect', async () => {
    site.lms.faults.next(fault.redirect('https://elsewhere.example.com/'), { path: /courses/ });
    expect((await site.grant('enrol', year)).parked?.code).to.equal('AXIS_REDIRECTED');
    site.lms.expireTokens();
    site.lms.faults.next(fault.redirect('https://elsewhere.example.com/'), { path: /token/ });
    expect((await site.grant('enrol', year)).parked?.code).to.equal('AXIS_BASE_URL');
  });

  it('refuses to send its key over plain HTTP', async () => {
    const options = { ...site.options, baseUrl: 'http://training.example.com/api.php' };
    expect((await site.grant('enrol', year, site.context({}, { options }))).parked?.code).to.equal('AXIS_BASE_URL');
  });

  it('hands on how long Axis asks to wait', async () => {
    site.lms.faults.next(fault.status(429, { retryAfter: 120 }), { path: /courses/ });
    site.lms.faults.next(fault.status(503, { retryAfter: 60 }), { path: /courses/ });
    const { errors } = await site.grant('enrol', year);
    expect(errors.map(({ code, retryAfterMs }) => [code, retryAfterMs])).to.deep.equal([
      ['AXIS_BUSY', 120_000],
      ['AXIS_BUSY', 60_000],
    ]);
  });

  it('asks a person when a page stands where the answer should be and stays there', async () => {
    site.lms.faults.always(fault.html(), { path: /courses/ });
    const { parked, errors } = await site.grant('enrol', year);
    expect(parked?.code).to.equal('AXIS_UNREADABLE');
    expect(errors).to.have.length(7);
    expect(parked?.message).to.include('text/html').and.not.include('We will be back soon');
  });

  it('says that a write may have happened when its answer was an error or got lost', async () => {
    for (const trouble of [fault.status(500), fault.status(503), fault.commitThenDrop(), fault.truncatedJson()]) {
      site.lms.faults.next(trouble, { method: 'POST', path: /users/ });
      site.lms.faults.next(fault.drop(), { path: /filtered/, when: isAfterPost(site) });
      const buyer = { email: `${trouble.kind}${'status' in trouble ? trouble.status : ''}@example.org` };
      const error = await failureOf(site.action('enrol').grant(year, site.context({ buyer })));
      expect(error).to.include({ retry: 'later', unknown: true });
      expect(site.lms.faults.waiting).to.equal(0);
    }
    site.lms.faults.next(fault.status(503), { path: /filtered/ });
    const reading = await failureOf(site.action('enrol').grant(year, site.context()));
    expect(reading).to.include({ retry: 'later', unknown: false });
  });

  it('takes only the documented confirmation for success', async () => {
    site.lms.addUser({ username: 'ada@example.org' });
    for (const odd of ['{}', '[]', '{"status":"ok"}', '""', '<h1>Fine</h1>']) {
      const http = answering(site, 200, () => odd);
      const error = await failureOf(site.action('addToGroup').grant({ group: 'Spring class' }, site.context({}, { http })));
      expect(error, odd).to.include({ code: 'AXIS_UNREADABLE', unknown: true });
    }
  });

  it('shows staff what Axis says of a refusal, without secrets, links and addresses', async () => {
    const http = answering(site, 400, ({ headers }) => {
      const token = headers?.['Authorization'];
      return JSON.stringify({ errors: [token, 'see https://training.example.com/?auth=1', 'ada@example.org', 'It is Sunday.'] });
    });
    const { parked } = await site.grant('enrol', year, site.context({}, { http }));
    expect(parked?.code).to.equal('AXIS_REFUSED');
    for (const part of ['It is Sunday.', '[secret]', '[link]', '[address]']) expect(parked?.message).to.include(part);
    expect(site.lms.books.secrets.filter((secret) => textOf(parked).includes(secret))).to.deep.equal([]);
  });

  it('limits how often it meets a server error', async () => {
    site.lms.faults.always(fault.status(500), { path: /courses/ });
    const { parked, errors } = await site.grant('enrol', year);
    expect([parked?.code, errors.length]).to.deep.equal(['AXIS_SERVER_ERROR', 8]);
  });

  it('says that nothing was sent when the other side is down, and stops when it is told to', async () => {
    await site.lms.goDown();
    const ctx = site.context();
    const error = await failureOf(site.action('enrol').grant(year, ctx));
    expect(error).to.include({ code: 'AXIS_NOT_REACHED', retry: 'later', unknown: false });
    await site.lms.comeBack();
    const stopped = site.context({}, { signal: AbortSignal.abort() });
    const other = await failureOf(site.action('enrol').grant(year, stopped));
    expect(other).to.include({ code: 'AXIS_NO_ANSWER', retry: 'later' });
  });
});

/** The first look for the account after the attempt to make it. */
function isAfterPost({ lms }: AxisSite): () => boolean {
  const posts = () => lms.books.requests.filter(({ method }) => method === 'POST').length;
  const before = posts();
  return () => posts() > before;
}

/** Reads from the double, and answers every POST in its place. */
function answering(site: AxisSite, status: number, body: (request: HttpRequest) => string): HttpClient {
  const { http } = site.context();
  return {
    async send(request) {
      if (request.method !== 'POST') return http.send(request);
      const text = body(request);
      return { status, headers: { 'content-type': 'application/json' }, text, json: () => parse(text) };
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
