import { createHash, generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { actionsOf, StepError } from 'handover/contract';
import type { Action, ActionContext } from 'handover/contract';
import jwt from 'jsonwebtoken';
import { http } from '../../connectors/http/index.ts';
import type { ActionSettings, HttpOptions, OutputSettings } from '../../connectors/http/options.ts';
import { testContext, testOrder } from '../../src/testing/action-context.ts';
import {
  fault,
  jsonReply,
  startDouble,
  textReply,
  type DoubleReply,
  type DoubleServer,
} from '../../src/testing/double-server.ts';
import { startHttpTarget } from '../../src/testing/http-target/index.ts';
import { optionsFor } from './http-site.ts';

type AnyAction = Action<Record<string, unknown>, Record<string, unknown>, HttpOptions>;

/** Answers what the test says, whatever is asked. */
let server: DoubleServer;
let answers: DoubleReply[];

const optionsOf = (action: ActionSettings, changes: Partial<HttpOptions> = {}) =>
  optionsFor(`${server.origin}/base`, { actions: { act: action }, ...changes });
const actionOf = (options: HttpOptions, name = 'act') => actionsOf(http, options)[name] as unknown as AnyAction;

function contextFor(options: HttpOptions, given: Partial<ActionContext<HttpOptions>> = {}) {
  return testContext<HttpOptions>({ options, since: new Date('2026-01-31T10:00:00Z'), ...given });
}

async function run(
  action: ActionSettings,
  input = {},
  changes: Partial<HttpOptions> = {},
  given: Partial<ActionContext<HttpOptions>> = {},
) {
  const options = optionsOf(action, changes);
  expect(http.problems?.(options)).to.deep.equal([]);
  return actionOf(options).grant(input, contextFor(options, given));
}

async function failureOf(work: Promise<unknown>): Promise<StepError> {
  const thrown = await work.then(() => undefined).catch((error: unknown) => error);
  expect(thrown).to.be.instanceOf(StepError);
  return thrown as StepError;
}

const madeAtTheClick: OutputSettings = { link: true };

const buyer = (person: object) => {
  const order = testOrder({ buyer: { email: 'ada@example.org', ...person } });
  return { order, learner: order.buyer };
};

describe('http', () => {
  beforeEach(async () => {
    answers = [];
    server = await startDouble({ handle: () => answers.shift() ?? jsonReply({ ok: true }) });
  });
  afterEach(() => server.close());

  describe('what is sent', () => {
    it('encodes each value for its place', async () => {
      const name = `a/b?c=d&e#f "q" <x>`;
      await run(
        {
          grant: {
            method: 'POST',
            path: 'u/{{learner.name}}',
            query: { q: '{{learner.name}}' },
            json: { n: '{{learner.name}}' },
          },
        },
        {},
        {},
        buyer({ name }),
      );
      const [request] = server.requests;
      expect(request!.path).to.equal(`/base/u/${encodeURIComponent(name)}`);
      expect(request!.query).to.deep.equal({ q: name });
      expect(request!.json).to.deep.equal({ n: name });
    });

    it('keeps the type of a lone placeholder in JSON and leaves out what has no value', async () => {
      await run(
        {
          input: { days: { type: 'integer' } },
          grant: { path: 'x', json: { days: '{{with.days}}', phone: '{{learner.phone}}', list: ['{{with.days}}'] } },
        },
        { days: 30 },
      );
      expect(server.requests[0]!.json).to.deep.equal({ days: 30, list: [30] });
    });

    it('counts days and months from the purchase, to the last day of a shorter month', async () => {
      const json = { day: '{{until.date}}', day8: '{{until.date8}}', from: '{{since.unix}}' };
      await run({ input: { months: { type: 'integer' } }, grant: { path: 'x', json } }, { months: 1 });
      expect(server.requests[0]!.json).to.deep.equal({ day: '2026-02-28', day8: '20260228', from: 1769853600 });
    });

    it('never leaves the base address, whatever a buyer is called', async () => {
      for (const name of ['..', '.', '%2e%2e', '..\\..', '//evil.example.com', 'http://evil.example.com']) {
        const work = run({ grant: { path: 'u/{{learner.name}}/x' } }, {}, {}, buyer({ name }));
        const error = await work.then(() => undefined).catch((thrown: unknown) => thrown as StepError);
        if (error) expect(error.code).to.equal('HTTP_PATH_REFUSED');
      }
      expect(server.requests.every(({ path }) => path.startsWith('/base/u/'))).to.equal(true);
    });

    it('refuses a header of several lines and an address with a hole', async () => {
      const header = run(
        { grant: { path: 'x', headers: { 'X-Name': '{{learner.name}}' } } },
        {},
        {},
        buyer({ name: 'a\r\nX-Admin: 1' }),
      );
      expect(await failureOf(header)).to.include({ code: 'HTTP_HEADER_VALUE', retry: 'never' });
      const hole = run({ grant: { method: 'DELETE', path: 'users/{{learner.phone}}' } });
      expect(await failureOf(hole)).to.include({ code: 'HTTP_VALUE_MISSING', retry: 'never' });
      expect(server.requests).to.deep.equal([]);
    });

    it('sends forms in the charset that is asked for, as browsers do', async () => {
      const form = { n: '{{learner.name}}' };
      await run({ grant: { path: 'x', form } }, {}, { charset: 'windows-1252' }, buyer({ name: 'Žöë €5 ☃' }));
      expect(server.requests[0]!.text).to.equal('n=%8E%F6%EB+%805+%26%239731%3B');
      await run({ grant: { path: 'x', form } }, {}, {}, buyer({ name: 'Žöë' }));
      expect(server.requests[1]!.form).to.deep.equal({ n: 'Žöë' });
      await run({ grant: { path: 'x', form, multipart: true } }, {}, {}, buyer({ name: 'a"\r\n--b' }));
      const { headers, text } = server.requests[2]!;
      const [, boundary = '-'] = /boundary=(\S+)/.exec(headers['content-type'] ?? '') ?? [];
      expect(text).to.equal(`--${boundary}\r\nContent-Disposition: form-data; name="n"\r\n\r\na"\r\n--b\r\n--${boundary}--\r\n`);
    });

    it('cannot be talked into other XML by a name', async () => {
      const text = '<user name="{{learner.name}}"/>';
      await run({ grant: { path: 'x', text, contentType: 'text/xml' } }, {}, {}, buyer({ name: '"/><admin a="&' }));
      expect(server.requests[0]!.text).to.equal('<user name="&#34;/&#62;&#60;admin a=&#34;&#38;"/>');
    });
  });

  describe('what an answer means', () => {
    const grant = { method: 'POST', path: 'x', json: {} } as const;
    const cases: readonly [string, ActionSettings['grant'], DoubleReply, object][] = [
      ['404', grant, jsonReply({}, 404), { retry: 'never', code: 'HTTP_REFUSED' }],
      ['401', grant, jsonReply({}, 401), { retry: 'never', code: 'HTTP_DENIED' }],
      ['503', grant, jsonReply({}, 503), { retry: 'later', code: 'HTTP_UNAVAILABLE', unknown: true }],
      ['503 when only looking', { path: 'x' }, jsonReply({}, 503), { retry: 'later', unknown: false }],
      [
        'a redirect',
        grant,
        { ...textReply('', 302), headers: { location: 'https://evil.example.com/' } },
        { retry: 'never', code: 'HTTP_REDIRECTED' },
      ],
      [
        'what the owner calls temporary',
        { ...grant, temporary: [{ json: { '/code': 'locked' } }] },
        jsonReply({ code: 'locked' }, 423),
        { retry: 'later', unknown: false },
      ],
      ['what the owner calls permanent', { ...grant, permanent: [503] }, jsonReply({}, 503), { retry: 'never' }],
      [
        '200 that is no success',
        { ...grant, expect: { json: { '/ok': true } } },
        jsonReply({ ok: false }),
        { retry: 'later', code: 'HTTP_ANSWER_UNEXPECTED', unknown: true },
      ],
      [
        '200 with errors',
        { ...grant, expect: { json: { '/errors': { empty: true } } } },
        jsonReply({ errors: ['x'] }),
        { code: 'HTTP_ANSWER_UNEXPECTED' },
      ],
      [
        'a value that is not there',
        { ...grant, keep: { id: '/data/id' } },
        jsonReply({ data: {} }),
        { retry: 'later', code: 'HTTP_ANSWER_UNEXPECTED', unknown: true },
      ],
    ];
    for (const [name, action, answer, wanted] of cases) {
      it(`is clear about ${name}`, async () => {
        answers.push(answer);
        expect(await failureOf(run({ grant: action }))).to.include(wanted);
      });
    }

    it('tells staff the other side’s reason without what was told to it in confidence', async () => {
      answers.push(jsonReply({ message: 'No seat left for ada@example.org (token s3cret-token)\n' }, 409));
      const auth = { kind: 'bearer', token: 's3cret-token' } as const;
      const { message } = await failureOf(run({ grant }, {}, { auth }));
      expect(message).to.include('No seat left for […] (token […])');
    });

    it('takes the one entry of a loose search that really fits, and asks a person when there are two', async () => {
      const look: ActionSettings = {
        grant: { path: 'users', keep: { id: { in: '/data', where: { '/email': '{{learner.email}}' }, at: '/id' } } },
        output: { id: '{{kept.id}}' },
      };
      answers.push(
        jsonReply({
          data: [
            { id: 1, email: 'xada@example.org' },
            { id: 2, email: 'Ada@Example.org' },
          ],
        }),
      );
      expect(await run(look)).to.include({ id: 2 });
      answers.push(
        jsonReply({
          data: [
            { id: 1, email: 'ada@example.org' },
            { id: 2, email: 'ADA@example.org' },
          ],
        }),
      );
      expect(await failureOf(run(look))).to.include({ code: 'HTTP_AMBIGUOUS', retry: 'never' });
    });
  });

  describe('several requests', () => {
    const action: ActionSettings = {
      grant: [
        { path: 'one', json: {}, keep: { id: '/id' } },
        { path: 'two/{{kept.id}}', json: {} },
      ],
    };

    it('are not begun anew: what was done is remembered before the next goes out', async () => {
      answers.push(jsonReply({ id: 7 }), jsonReply({}, 503));
      const options = optionsOf(action);
      const ctx = contextFor(options);
      await failureOf(actionOf(options).grant({}, ctx));
      await actionOf(options).grant({}, ctx.again());
      expect(server.requests.map(({ path }) => path)).to.deep.equal(['/base/one', '/base/two/7', '/base/two/7']);
    });

    it('keep only what later calls need, sealed', async () => {
      answers.push(jsonReply({ id: 7 }));
      const options = optionsOf({ ...action, revoke: { method: 'DELETE', path: 'two/{{kept.id}}' } });
      const result = await actionOf(options).grant({}, contextFor(options));
      expect(result).to.deep.equal({ kept: '{"id":7}' });
      expect(actionOf(options).output['kept']).to.include({ secret: true, internal: true });
      answers.push(jsonReply({ id: 7 }));
      expect(await run(action)).to.deep.equal({ kept: '{}' });
    });
  });

  describe('proof', () => {
    it('renews an OAuth token that is refused, once, and asks once for steps that run together', async () => {
      const target = await startHttpTarget({ auth: { kind: 'oauth', clientId: 'shop', clientSecret: 'x', sentBy: 'form' } });
      try {
        const auth = {
          kind: 'oauth',
          tokenUrl: target.tokenUrl,
          clientId: 'shop',
          clientSecret: 'x',
          sendClient: 'form',
        } as const;
        const options = optionsFor(target.apiUrl, { auth, actions: { look: { grant: { path: 'users' } } } });
        const look = () => actionOf(options, 'look').grant({}, contextFor(options));
        await Promise.all([look(), look(), look()]);
        expect(target.tokens()).to.have.length(1);
        target.endTokens();
        await Promise.all([look(), look()]);
        expect(target.tokens()).to.have.length(2);
        target.faults.always(fault.status(401), { path: /users/ });
        expect(await failureOf(look())).to.include({ code: 'HTTP_DENIED', retry: 'never' });
      } finally {
        await target.close();
      }
    });

    it('signs a token of its own with a short life, by secret and by private key', async () => {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      const claims = { iss: 'shop', email: '{{learner.email}}' };
      for (const [auth, key] of [
        [{ kind: 'jwt', key: 'a shared secret', claims } as const, 'a shared secret'],
        [{ kind: 'jwt', algorithm: 'RS256', key: pem, claims, lifeSeconds: 30 } as const, publicKey],
      ] as const) {
        await run({ grant: { path: 'x' } }, {}, { auth });
        const token = server.requests.at(-1)!.headers.authorization!.slice('Bearer '.length);
        const proved = jwt.verify(token, key, { algorithms: ['HS256', 'RS256'] }) as jwt.JwtPayload;
        expect(proved).to.include({ iss: 'shop', email: 'ada@example.org' });
        expect(proved.exp! - proved.iat!).to.equal('lifeSeconds' in auth ? 30 : 60);
      }
    });

    it('puts a signed token into a link that is made at the click', async () => {
      const auth = { kind: 'jwt', key: 'a shared secret', claims: { email: '{{learner.email}}' } } as const;
      const settings: ActionSettings = {
        grant: { path: 'x' },
        output: { loginUrl: madeAtTheClick },
        link: { url: 'https://school.example.com/sso?jwt={{auth.jwt}}&to={{with.course}}' },
      };
      const options = optionsOf(settings, { auth });
      const action = actionOf(options);
      const address = await action.link?.({}, { course: 'a&b' }, contextFor(options));
      expect(address).to.match(/^https:\/\/school\.example\.com\/sso\?jwt=[\w.-]+&to=a%26b$/);
    });
  });

  describe('addresses inside the own network', () => {
    it('are refused unless they are listed, by name too', async () => {
      const { port } = new URL(server.origin);
      for (const host of ['127.0.0.1', 'localhost', '[::1]', '169.254.169.254', '2130706433']) {
        const options = {
          ...optionsOf({ grant: { path: 'x' } }),
          baseUrl: `http://${host}:${port}`,
          allowPrivate: ['lms.internal'],
        };
        expect(await failureOf(actionOf(options).grant({}, contextFor(options))), host).to.include({
          code: 'ADDRESS_REFUSED',
          retry: 'never',
        });
      }
      expect(server.requests).to.deep.equal([]);
      const options = {
        ...optionsOf({ grant: { path: 'x' } }),
        baseUrl: `http://localhost:${port}`,
        allowPrivate: ['LocalHost'],
      };
      await actionOf(options).grant({}, contextFor(options));
      expect(server.requests).to.have.length(1);
    });
  });

  describe('the ready-made actions for mailing lists', () => {
    const md5 = createHash('md5').update('ada@example.org').digest('hex');
    const order = testOrder({ buyer: { email: 'Ada@Example.org', firstName: 'Ada' } });
    const play = async (
      preset: NonNullable<HttpOptions['preset']>,
      name: string,
      input: Record<string, unknown>,
      replies: DoubleReply[],
    ) => {
      const options = optionsFor(server.origin, { preset });
      expect(http.problems?.(options)).to.deep.equal([]);
      answers.push(...replies);
      const ctx = contextFor(options, { order, learner: order.buyer });
      const action = actionOf(options, name);
      await action.revoke?.(await action.grant(input, ctx), input, ctx.again());
      return server.requests.map(({ method, path, json }) => [`${method} ${path}`, json]);
    };

    it('tag a Mailchimp member and take the tag off', async () => {
      const input = { audience: 'a1', tag: 'buyers', statusIfNew: 'pending' };
      const none = { status: 204, headers: {}, body: '' };
      expect(await play('mailchimp', 'tag', input, [jsonReply({ id: md5 }), none, none])).to.deep.equal([
        [
          `PUT /lists/a1/members/${md5}`,
          { email_address: 'Ada@Example.org', status_if_new: 'pending', merge_fields: { FNAME: 'Ada' } },
        ],
        [`POST /lists/a1/members/${md5}/tags`, { tags: [{ name: 'buyers', status: 'active' }] }],
        [`POST /lists/a1/members/${md5}/tags`, { tags: [{ name: 'buyers', status: 'inactive' }] }],
      ]);
    });

    it('put a contact into a Brevo list and out again', async () => {
      expect(
        await play('brevo', 'addToList', { list: 12 }, [jsonReply({ id: 1 }, 201), jsonReply({ contacts: {} }, 201)]),
      ).to.deep.equal([
        ['POST /contacts', { email: 'Ada@Example.org', attributes: { FIRSTNAME: 'Ada' }, listIds: [12], updateEnabled: true }],
        ['POST /contacts/lists/12/contacts/remove', { emails: ['Ada@Example.org'] }],
      ]);
    });

    it('put a subscriber into a MailerLite group and out again', async () => {
      const none = { status: 204, headers: {}, body: '' };
      expect(
        await play('mailerlite', 'addToGroup', { group: '4201' }, [jsonReply({ data: { id: '31' } }, 201), none]),
      ).to.deep.equal([
        ['POST /subscribers', { email: 'Ada@Example.org', fields: { name: 'Ada' }, groups: ['4201'] }],
        ['DELETE /subscribers/31/groups/4201', undefined],
      ]);
    });
  });
});
