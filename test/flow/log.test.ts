import { expect } from 'chai';
import { defineAction, defineConnector } from '../../src/contract/connector.ts';
import { giveUp } from '../../src/contract/errors.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { buyer, keysOf, openShop, owner, pageAddress, pageJson, sell, settles, takes } from './shop.ts';

/** What a connector of the site's own may throw: whatever it was told. */
const telltale =
  'No account for Ada Example <ada@example.org>, see https://lms.example.com/users?mail=ada@example.org&token=t0psecret';

const talkative = defineConnector<never>({
  name: 'talkative',
  summary: 'A system that repeats what it hears',
  options: { type: 'object' },
  actions: {
    break: defineAction({
      summary: 'Break',
      repeats: 'keyed',
      input: { type: 'object' },
      output: {},
      async grant(_input, ctx): Promise<Record<string, unknown>> {
        if (ctx.memo) throw giveUp('TALKATIVE_REFUSED', `It said: ${telltale.replace('Ada Example ', '')}`);
        await ctx.remember({ tried: true });
        throw new Error(telltale);
      },
    }),
  },
});

const products = {
  'products/TALK.json': {
    sku: 'TALK',
    title: 'Talk',
    price: '1.00 EUR',
    grants: { it: { action: 'talkative.break', with: {} } },
  },
};

async function allThatCanGoWrong(): Promise<{ site: Site; secrets: string[] }> {
  const site = await openShop({ files: products, connectors: { talkative: {} }, handover: { connectors: [talkative] } });
  const lines = [
    { sku: 'TS-101', unitAmount: 4900 },
    { sku: 'TP-7', unitAmount: 1900 },
    { sku: 'TALK', unitAmount: 100 },
  ];
  site.mailbox.faults.push({ kind: 'refuse', at: 'rcpt', code: 451, message: `<${buyer}>: mailbox is busy` });
  site.mailbox.faults.push({ kind: 'refuse', at: 'rcpt', code: 550, message: `5.1.1 <${buyer}>: Recipient address rejected` });
  const sale = site.stripe.sale({ lines, buyer: { email: buyer, name: 'Ada Example', phone: '+1 555 0100' } });
  const paid = sale.completed();
  await site.receives({ ...paid, headers: site.stripe.sign(paid.body, { secret: 'whsec_wrong' }) });
  await takes(site, paid);
  await settles(site);
  const address = await pageAddress(site, sale);
  const [key = ''] = await keysOf(site, sale);
  const open = (await pageJson(site, sale)).items[0]!.grants[0]!.outputs['loginUrl']!.values[0]!;
  await site.get(open);
  await site.get(`${address}x`);
  await site.lms.goDown();
  await site.get(open);
  await takes(site, sell(site, ['TS-102'], { buyer: { email: buyer, name: 'Ada Example' } }).completed());
  await site.app.verdicts.flush();
  const tokens = [address, open].map((link) => link.slice(link.lastIndexOf('/') + 1));
  return {
    site,
    secrets: [key, ...tokens, ...site.lms.books.secrets, site.stripe.webhookSecret, site.stripe.apiKey, 't0psecret'],
  };
}

describe('The log', () => {
  afterEach(closeSites);

  it('names no person, no secret and no key, whatever goes wrong and whatever the others say', async () => {
    const { site, secrets } = await allThatCanGoWrong();
    const log = JSON.stringify(site.log);
    expect(site.log.length).to.be.greaterThan(10);
    for (const word of [buyer, 'Ada', 'Example', '555 0100', owner, ...secrets]) expect(log).not.to.contain(word);
  });

  it('says what happened and where to look: code, step and order', async () => {
    const { site } = await allThatCanGoWrong();
    const codes = site.log.map(({ fields }) => (fields as { code?: string }).code);
    expect(codes).to.include.members([
      'UNEXPECTED_ERROR',
      'TALKATIVE_REFUSED',
      'MAIL_POSTPONED',
      'MAIL_REFUSED',
      'SIGNATURE_MISMATCH',
    ]);
    const parked = site.log.find(({ fields }) => (fields as { code?: string }).code === 'TALKATIVE_REFUSED');
    expect(parked?.level).to.equal('error');
    expect(parked?.fields).to.include.keys('order', 'step', 'account', 'attempt');
    expect(parked?.message).to.equal(
      'talkative.break is parked: It said: No account for <[address]>, see https://lms.example.com',
    );
  });

  it('leaves the whole words to the history, where staff find them', async () => {
    const { site } = await allThatCanGoWrong();
    const [step] = (await site.app.store.parkedSteps(10)).filter(({ action }) => action === 'talkative.break');
    expect(step?.error?.message).to.contain('ada@example.org');
    const history = (await site.app.store.history(step!.orderId)).map(({ text }) => text).join('\n');
    expect(history).to.contain('Recipient address rejected').and.contain('No account for Ada Example');
  });
});
