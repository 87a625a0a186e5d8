import { expect } from 'chai';
import type { Action, Outcome } from 'handover/contract';
import { learnworlds, type LearnWorldsOptions } from '../../connectors/learnworlds/index.ts';
import { testContext, testOrder, type TestContext } from '../../src/testing/action-context.ts';
import { fault, jsonReply } from '../../src/testing/double-server.ts';
import { startLearnWorlds, type LearnWorldsDouble } from '../../src/testing/learnworlds/index.ts';
import { connectorSuite } from '../../src/testing/suites/connector-suite.ts';

let clock = new Date('2026-03-01T12:00:00Z');
const now = () => clock;
const enrol = learnworlds.actions['enrol'] as unknown as Action<Record<string, unknown>, Outcome, LearnWorldsOptions>;
const input = { product: 'ts-101' };

function optionsFor({ url, clientId, clientSecret }: LearnWorldsDouble): LearnWorldsOptions {
  return { schoolUrl: url, clientId, clientSecret, requestTimeoutSeconds: 1 };
}

for (const repeatedEnrolment of ['success', 'refused', 'notSuccess'] as const) {
  connectorSuite({
    name: `learnworlds.enrol (a repeat is answered with ${repeatedEnrolment})`,
    connector: learnworlds,
    action: 'enrol',
    async open() {
      const school = await startLearnWorlds({ now });
      school.switches.repeatedEnrolment = repeatedEnrolment;
      school.enrol({ userId: school.addUser({ email: 'bystander@example.org' }), productId: 'ts-101', productType: 'course' });
      const options = optionsFor(school);
      return {
        options,
        input,
        effects: () => school.books.enrolments,
        traces: () => school.books.users,
        secrets: () => school.books.secrets,
        faults: school.faults,
        now,
        wrong: [
          { name: 'a bad secret', options: { ...options, clientSecret: 'wrong' } },
          { name: 'a plan without the API', prepare: () => void (school.switches.isForbidden = true) },
          { name: 'an unknown course', input: { product: 'other' } },
          { name: 'a course that is no bundle', input: { product: 'ts-101', type: 'bundle' } },
        ],
        close: () => school.close(),
      };
    },
  });
}

describe('the LearnWorlds connector', () => {
  let school: LearnWorldsDouble;
  beforeEach(async () => {
    clock = new Date('2026-03-01T12:00:00Z');
    school = await startLearnWorlds({ now });
    options = optionsFor(school);
  });
  afterEach(() => school.close());

  let options: LearnWorldsOptions;
  const context = (changes: object = {}): TestContext<LearnWorldsOptions> => testContext({ options, now, ...changes });
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => (error as { code?: string }).code,
    );
  const tokensAsked = () => school.books.requests.filter(({ path }) => path.endsWith('/oauth2/access_token')).length;

  it('uses one token for many calls, and a fresh one when it ends or is no longer taken', async () => {
    await enrol.grant(input, context());
    await enrol.grant(input, context());
    expect(tokensAsked()).to.equal(1);
    clock = new Date('2026-03-01T14:30:00Z');
    await enrol.grant(input, context());
    expect(tokensAsked()).to.equal(2);
    school.forgetToken();
    await enrol.grant(input, context());
    expect(tokensAsked()).to.equal(3);
    expect(await codeOf(enrol.grant(input, context({ options: { ...options, clientSecret: 'x' } })))).to.equal(
      'LEARNWORLDS_TOKEN_REFUSED',
    );
  });

  it('records no price and mails only where that is asked for', async () => {
    await enrol.grant(input, context());
    const sent = school.books.requests.find(({ path }) => path.endsWith('/enrollment'));
    expect(sent?.json).to.deep.include({ price: 0, send_enrollment_email: false });
  });

  it('tells a subscription how long it lasts', async () => {
    school.addProduct({ id: 'all', type: 'subscription', title: 'Everything' });
    await enrol.grant({ product: 'all', type: 'subscription', duration: 12, durationType: 'months' }, context());
    expect(school.books.enrolments).to.deep.equal([{ email: 'ada@example.org', product: 'all', duration: '12 months' }]);
  });

  it('signs in whose account the order made, and nobody else unless that is set', async () => {
    const order = testOrder();
    const mine = await enrol.grant(input, context({ order }));
    expect(await enrol.link?.(mine, input, context({ order }))).to.match(/\/sso\?sig=\w+&to=.*%2Fcourse%2Fts-101$/);
    const later = await enrol.grant(input, context());
    expect(await enrol.link?.(later, input, context())).to.equal(`${school.url}/course/ts-101`);
    const open = context({ options: { ...options, signIn: 'always' } });
    expect(await enrol.link?.(later, input, open)).to.include('/sso?sig=');
  });

  it('leads to the page when single sign-on fails, or leads elsewhere', async () => {
    const mine = await enrol.grant(input, context());
    for (const answer of [{ success: false }, { success: true, url: 'https://elsewhere.example/sso' }]) {
      school.faults.next(fault.reply(jsonReply(answer)), { path: /sso$/ });
      const ctx = context();
      expect(await enrol.link?.(mine, input, ctx)).to.equal(`${school.url}/course/ts-101`);
      expect(ctx.logged.map(({ level }) => level)).to.deep.equal(['warn']);
    }
  });

  it('leaves in who was in before, unless a person is to be asked', async () => {
    school.enrol({ userId: school.addUser({ email: 'Ada@example.org' }), productId: 'ts-101', productType: 'course' });
    const result = await enrol.grant(input, context());
    await enrol.revoke?.(result, input, context());
    expect(school.books.enrolments).to.have.length(1);
    expect(await codeOf(enrol.grant({ ...input, ifEnrolled: 'ask' }, context()))).to.equal('LEARNWORLDS_HAS_ACCESS');
    const shared = await enrol.grant({ ...input, ifEnrolled: 'ask' }, context({ alsoGivenBy: ['other/1/1/course'] }));
    expect(shared).to.include({ isShared: true });
  });

  it('goes on with the account that another shop made at the same moment, without signing it in', async () => {
    const someone = () => void school.addUser({ email: 'ada@example.org', username: 'Ada' });
    school.faults.next(fault.first(someone), { method: 'POST', path: /\/users$/ });
    const result = await enrol.grant(input, context());
    expect(result).to.include({ isNewAccount: false, isOurs: true });
    expect(school.books.users).to.have.length(1);
  });

  it('does not take an answer about somebody else for the learner', async () => {
    await enrol.grant(input, context());
    school.faults.next(fault.reply(jsonReply({ id: '1', email: 'eve@example.org' })), { path: /\/users\/ada/ });
    expect(await codeOf(enrol.grant(input, context()))).to.equal('LEARNWORLDS_USER_UNCLEAR');
  });
});
