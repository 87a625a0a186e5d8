import { expect } from 'chai';
import { closeSites, type Site } from '../support/open-site.ts';
import { runCli } from '../cli/command-line.ts';
import { openShop, pageJson, recordOf, sell, takes, type Sale } from './shop.ts';

const hour = 3_600_000;

describe('A task for a person', () => {
  let time = 0;
  beforeEach(() => (time = Date.now()));
  afterEach(closeSites);

  const ship = {
    title: 'Pack the book',
    text: 'From the shelf beside the door.',
    assignee: 'pack@example.org',
    dueHours: 48,
    escalateTo: 'office@example.org',
    escalateAfterHours: 96,
    buyerText: 'We pack your book by hand. It leaves within two days.',
    addressFields: ['ship_name', 'ship_city'],
  };

  function open(action = 'ship', input: object = ship): Promise<Site> {
    return openShop({
      files: {
        'products/TS-102.json': (old: object) => ({ ...old, grants: { book: { action: `tasks.${action}`, with: input } } }),
      },
      connectors: { tasks: { carriers: { DHL: 'https://carrier.example.com/follow?number={{tracking}}' } } },
      handover: { now: () => new Date(time) },
      stripe: { now: () => new Date(time) },
    });
  }

  async function sold(site: Site): Promise<{ sale: Sale; step: string }> {
    const sale = sell(site, ['TS-102'], { metadata: { ship_name: 'Ada Byron', ship_city: 'Exampletown' } });
    await takes(site, sale.completed());
    return { sale, step: (await recordOf(site, sale)).steps.find(({ verb }) => verb === 'grant')!.key };
  }

  const mailsTo = (site: Site, address: string) =>
    site.mailbox.messages.filter(({ to }) => to.includes(address)).map(({ parsed }) => parsed.subject ?? '');
  const stateOf = async (site: Site, sale: Sale, key: string) =>
    (await recordOf(site, sale)).steps.find((step) => step.key === key)?.state;

  /** The site's clock and the store's are one. */
  async function later(site: Site, hours: number): Promise<void> {
    time += hours * hour;
    site.app.runner.wake();
    await site.finishesItsSteps();
  }

  async function done(site: Site, ...args: string[]) {
    const env = {
      HANDOVER_SHOP: site.folder,
      HANDOVER_BASE_URL: site.url,
      STRIPE_WEBHOOK_SECRET: site.stripe.webhookSecret,
      STRIPE_API_KEY: site.stripe.apiKey,
      AXIS_LMS_URL: site.lms.url,
      AXIS_LMS_API_KEY: site.lms.apiKey,
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(site.mailbox.port),
      TEST_PRO_SECRET: 'a secret of the key maker, long enough for it',
    };
    const result = await runCli(['done', ...args], { env });
    time = Math.max(time, Date.now() + 1000); // the command goes by the machine's clock
    site.app.runner.wake();
    await site.finishesItsSteps();
    return result;
  }

  it('is mailed once, with what is to be done, where it goes and what to type then; nobody is told of a failure', async () => {
    const site = await open();
    const { sale, step } = await sold(site);
    expect(mailsTo(site, 'pack@example.org')).to.have.length(1);
    const { text = '', subject = '' } = site.mailbox.messages.find(({ to }) => to.includes('pack@example.org'))!.parsed;
    expect(subject).to.contain('Pack the book');
    for (const part of [
      'From the shelf beside the door.',
      'Ada Byron, Exampletown',
      step,
      '--carrier NAME --tracking NUMBER',
      'Types in depth',
    ]) {
      expect(text).to.contain(part);
    }
    expect(site.mailbox.messages.filter(({ parsed }) => parsed.subject?.includes('Needs you'))).to.deep.equal([]);
    expect(site.log.filter(({ level }) => level === 'error')).to.deep.equal([]);
    await site.app.retryStep(step, 'Grace');
    await site.finishesItsSteps();
    expect(mailsTo(site, 'pack@example.org')).to.have.length(1);
    expect(await stateOf(site, sale, step)).to.equal('parked');
  });

  it('is shown to the buyer as being prepared, in the words of the owner', async () => {
    const site = await open();
    const { sale } = await sold(site);
    const { url, outcome } = await pageJson(site, sale);
    expect(outcome).to.equal('partly');
    const page = await (await site.get(url, { accept: 'text/html' })).text();
    expect(page).to.contain('We pack your book by hand. It leaves within two days.').and.to.contain('Being prepared');
    expect(page).not.to.contain('needs a hand');
    expect(newestMailToBuyer(site)).to.contain('We pack your book by hand.');
  });

  it('is reminded of when it is due, and told to somebody else after that', async () => {
    const site = await open();
    const { step } = await sold(site);
    await later(site, 49);
    expect(mailsTo(site, 'pack@example.org').at(-1)).to.contain('Due now: Pack the book');
    expect(mailsTo(site, 'office@example.org')).to.deep.equal([]);
    await later(site, 49);
    expect(mailsTo(site, 'office@example.org')).to.have.length(1);
    expect(mailsTo(site, 'pack@example.org')).to.have.length(2);
    expect(step).to.be.a('string');
  });

  it('is done by a command; the buyer gets carrier and number and where to follow the parcel', async () => {
    const site = await open();
    const { sale, step } = await sold(site);
    expect((await done(site, step, '--because', 'Sent', '--tracking', '00340 1')).err).to.match(/^CARRIER_MISSING/);
    expect((await done(site, step, '--because', 'Sent', '--carrier', 'dhl', '--tracking', '00340 1')).err).to.equal('');
    const { outcome, items } = await pageJson(site, sale);
    expect(outcome).to.equal('paid');
    const { outputs } = items[0]!.grants[0]!;
    expect([outputs['carrier']!.values[0], outputs['tracking']!.values[0]]).to.deep.equal(['DHL', '00340 1']);
    expect(outputs['trackingUrl']!.values[0]).to.equal('https://carrier.example.com/follow?number=00340%201');
    expect(newestMailToBuyer(site)).to.contain('00340 1').and.to.contain('https://carrier.example.com/follow?number=00340%201');
    await later(site, 200);
    expect(mailsTo(site, 'pack@example.org')).to.have.length(1);
    expect(mailsTo(site, 'office@example.org')).to.deep.equal([]);
  });

  it('carries a note to the buyer', async () => {
    const site = await open('do', { title: 'Call the buyer' });
    const { sale, step } = await sold(site);
    expect(mailsTo(site, 'owner@example.org').some((subject) => subject.includes('For you: Call the buyer'))).to.equal(true);
    await done(site, step, '--because', 'Called', '--note', 'See you on Monday.');
    expect((await pageJson(site, sale)).items[0]!.grants[0]!.outputs['note']!.values).to.deep.equal(['See you on Monday.']);
  });

  it('is called off when the money goes back before it is done', async () => {
    const site = await open();
    const { sale, step } = await sold(site);
    await takes(site, ...sale.refunded());
    expect(await stateOf(site, sale, step)).to.equal('cancelled');
    expect(mailsTo(site, 'pack@example.org').at(-1)).to.contain('Not needed any more: Pack the book');
    await later(site, 200);
    expect(mailsTo(site, 'pack@example.org')).to.have.length(2);
    expect(mailsTo(site, 'office@example.org')).to.deep.equal([]);
    expect(await site.app.store.parkedSteps(5)).to.deep.equal([]);
  });

  it('becomes a task to take back when the money goes back after it was done', async () => {
    const site = await open();
    const { sale, step } = await sold(site);
    await done(site, step, '--because', 'Sent', '--carrier', 'DHL', '--tracking', '1');
    await takes(site, ...sale.refunded());
    const [back] = await site.app.store.parkedSteps(5);
    expect([back?.verb, back?.error?.code]).to.deep.equal(['revoke', 'TASK_OPEN']);
    expect(mailsTo(site, 'pack@example.org').at(-1)).to.contain('Take back: Pack the book');
    const { text } = site.mailbox.messages.filter(({ to }) => to.includes('pack@example.org')).at(-1)!.parsed;
    expect(text).to.contain('DHL 1').and.not.to.contain('--carrier');
    expect((await done(site, back!.key, '--because', 'It came back')).err).to.equal('');
    expect(await site.app.store.parkedSteps(5)).to.deep.equal([]);
  });

  function newestMailToBuyer(site: Site): string {
    return site.mailbox.messages.filter(({ to }) => to.includes('ada@example.org')).at(-1)!.parsed.text ?? '';
  }
});
