import { expect } from 'chai';
import type { Action, Outcome } from 'handover/contract';
import { kajabi, type KajabiOptions } from '../../connectors/kajabi/index.ts';
import { testContext, type TestContext } from '../../src/testing/action-context.ts';
import { fault, jsonReply } from '../../src/testing/double-server.ts';
import { startKajabi, type KajabiDouble } from '../../src/testing/kajabi/index.ts';
import { connectorSuite } from '../../src/testing/suites/connector-suite.ts';

const now = () => new Date('2026-03-01T12:00:00Z');
const enrol = kajabi.actions['enrol'] as unknown as Action<Record<string, unknown>, Outcome, KajabiOptions>;
const input = { offer: 'ts-101' };

function optionsFor({ url, offer }: KajabiDouble): KajabiOptions {
  return { siteUrl: url, offers: { 'ts-101': offer }, requestTimeoutSeconds: 5 };
}

connectorSuite({
  name: 'kajabi.enrol',
  connector: kajabi,
  action: 'enrol',
  async open() {
    const site = await startKajabi({ now });
    site.addMember({ email: 'bystander@example.org', hasOffer: true });
    const options = { ...optionsFor(site), sendOfferMail: true };
    const { activationUrl, deactivationUrl } = site.offer;
    const withOffer = (offer: KajabiDouble['offer']) => ({ ...options, offers: { 'ts-101': offer } });
    return {
      options,
      input,
      effects: () => site.books.grants,
      traces: () => ({ members: site.books.members, mails: new Set(site.books.mails) }),
      secrets: () => site.books.secrets,
      faults: site.faults,
      now,
      failure: jsonReply({ errors: ['Please try again.'] }),
      grantIsToldBy: 'status',
      revokeIsToldBy: 'status',
      wrong: [
        { name: 'an unknown offer', input: { offer: 'other' } },
        { name: 'swapped addresses', options: withOffer({ activationUrl: deactivationUrl, deactivationUrl: activationUrl }) },
        {
          name: 'addresses of two offers',
          options: withOffer({ activationUrl, deactivationUrl: deactivationUrl.replace('/2147948158/', '/2147948159/') }),
        },
        {
          name: 'an address without TLS',
          options: withOffer({ activationUrl: 'http://checkout.example.com/a/activate', deactivationUrl }),
        },
      ],
      close: () => site.close(),
    };
  },
});

describe('the Kajabi connector', () => {
  let site: KajabiDouble;
  beforeEach(async () => void (site = await startKajabi({ now })));
  afterEach(() => site.close());

  const context = (changes: object = {}): TestContext<KajabiOptions> =>
    testContext({ options: optionsFor(site), now, ...changes });
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => (error as { code?: string }).code,
    );

  it('lets Kajabi mail only where that is asked for', async () => {
    await enrol.grant(input, context());
    expect(site.books.mails).to.deep.equal([]);
    const options = { ...optionsFor(site), sendOfferMail: true };
    await enrol.grant(input, context({ options, learner: { email: 'eve@example.org' } }));
    expect(site.books.mails).to.deep.equal(['eve@example.org']);
  });

  it('finds its member again by an address in other capitals', async () => {
    const result = await enrol.grant(input, context({ learner: { email: 'Ada@Example.org', name: 'Ada' } }));
    await enrol.revoke?.(result, input, context({ learner: { email: 'ada@example.org', name: 'Ada' } }));
    expect(site.books.grants).to.deep.equal([]);
  });

  it('tells no mail address in what it keeps', async () => {
    const ctx = context();
    const result = await enrol.grant(input, ctx);
    expect(JSON.stringify([result, ctx.remembered])).not.to.include('@');
    expect(result).to.include({ loginUrl: `${site.url}/login` });
  });

  it('leaves a grant that was there before, unless a person is to be asked', async () => {
    site.addMember({ email: 'ada@example.org', hasOffer: true });
    const result = await enrol.grant(input, context());
    await enrol.revoke?.(result, input, context());
    expect(site.books.grants).to.deep.equal(['ada@example.org']);
    expect(await codeOf(enrol.grant({ ...input, ifGranted: 'ask' }, context()))).to.equal('KAJABI_HAS_OFFER');
    const shared = await enrol.grant({ ...input, ifGranted: 'ask' }, context({ alsoGivenBy: ['other/1/1/course'] }));
    expect(shared).to.include({ isShared: true });
  });

  it('knows a grant whose answer got lost for its own, but not one that a refused attempt never made', async () => {
    const lost = context();
    site.faults.next(fault.commitThenDrop());
    expect(await codeOf(enrol.grant(input, lost))).to.equal('KAJABI_NO_ANSWER');
    expect(await enrol.grant(input, lost.again())).to.include({ isOurs: true });
    const busy = context({ learner: { email: 'eve@example.org' } });
    site.faults.next(fault.status(429));
    expect(await codeOf(enrol.grant(input, busy))).to.equal('KAJABI_BUSY');
    site.addMember({ email: 'eve@example.org', hasOffer: true });
    expect(await enrol.grant(input, busy.again())).to.include({ isOurs: false });
  });

  it('hands a member whom Kajabi knows by another id to a person', async () => {
    site.addMember({ email: 'ada@example.org', externalUserId: 'contact-17' });
    expect(await codeOf(enrol.grant(input, context()))).to.equal('KAJABI_MEMBER_REFUSED');
  });

  it('does not take errors with status 200 for success', async () => {
    site.faults.next(fault.reply(jsonReply({ errors: ['something new'] })));
    expect(await codeOf(enrol.grant(input, context()))).to.equal('KAJABI_REFUSED');
    site.faults.next(fault.html());
    expect(await codeOf(enrol.grant(input, context()))).to.equal('KAJABI_UNREADABLE');
  });

  it('names swapped addresses when the file is read, and tells no part of them', () => {
    const { activationUrl, deactivationUrl } = site.offer;
    const offers = { 'ts-101': { activationUrl: deactivationUrl, deactivationUrl: activationUrl } };
    const problems = kajabi.problems?.({ ...optionsFor(site), offers }) ?? [];
    expect(problems.map(({ keys }) => keys)).to.deep.equal([['offers', 'ts-101']]);
    expect(problems[0]?.message).to.include('swapped').and.not.include('webhooks/offers');
  });
});
