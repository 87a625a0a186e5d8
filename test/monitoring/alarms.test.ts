import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { clockOffsetSeconds } from '../../src/monitoring/clock-offset.ts';
import { watchRefusedOnTime } from '../../src/monitoring/refused-on-time.ts';
import type { RefusedSample } from '../../src/storage/store.ts';
import { openShop, owner, sell, takes, type ShopOptions } from '../flow/shop.ts';
import { closeSites, type Site } from '../support/open-site.ts';

const [minute, hour] = [60_000, 3_600_000];
const patient = { retries: { delaysSeconds: [0, 604_800], everySeconds: 604_800, untilHours: 8760 } };

/** A shop whose clock can be set on. */
async function openAlarmed(
  alarms: object,
  options: ShopOptions = {},
): Promise<{ site: Site; readonly passes: (ms: number) => Promise<void> }> {
  let ahead = 0;
  const now = (): Date => new Date(Date.now() + ahead);
  const site = await openShop({ ...options, site: { ...patient, alarms }, handover: { now, ...options.handover } });
  return {
    site,
    async passes(ms) {
      ahead += ms;
      await site.app.monitoring.alarms.look();
      await site.finishesItsSteps();
    },
  };
}

function subjects({ mailbox }: Site): string[] {
  return mailbox
    .subjectsFor(owner)
    .filter((subject) => /Over|Still|open for|heard|clock/.test(subject))
    .map((subject) => subject.replace('[Test] ', ''));
}

describe('The alarms to the owner', function () {
  this.timeout(30_000);
  afterEach(closeSites);

  it('tell of the oldest open item once, again when it lasts a day, and when it is over', async () => {
    const { site, passes } = await openAlarmed({ oldestMinutes: 90 });
    await site.lms.goDown();
    await takes(site, sell(site, ['TS-101']).completed());
    await passes(60 * minute);
    expect(subjects(site)).to.deep.equal([]);
    await passes(40 * minute);
    await passes(minute);
    expect(subjects(site)).to.deep.equal(['Needs you: something has been open for more than 90 minutes']);
    const text = site.mailbox.messagesFor(owner).at(-1)?.parsed.text ?? '';
    expect(text)
      .to.contain('axis-lms')
      .and.match(/npx handover order [0-9A-Z]{4}-/);
    expect(text).not.to.contain('ada@example.org');
    await passes(24 * hour);
    expect(subjects(site).slice(1)).to.deep.equal(['Still: something has been open for more than 90 minutes']);

    const [standing] = await site.app.store.alarms();
    expect(standing).to.include({ name: 'oldest', times: 2 });
    await site.lms.comeBack();
    await passes(8 * 24 * hour);
    await passes(minute);
    await passes(11 * minute);
    expect(subjects(site).at(-1)).to.equal('Over: nothing is open for too long any more');
    expect(await site.app.store.alarms()).to.deep.equal([]);
  });

  it('tell of a gateway that fell silent, only where that is asked for, and only when it used to talk', async () => {
    const { site, passes } = await openAlarmed({ silenceHours: { stripe: 5, sandbox: 5 } });
    await takes(site, sell(site, ['TS-101']).completed());
    await site.app.verdicts.flush();
    await passes(4 * hour);
    expect(subjects(site)).to.deep.equal([]);
    await passes(2 * hour);
    expect(subjects(site)).to.deep.equal(['Needs you: nothing was heard from stripe for more than 5 hours']);
    await site.restart();
    await passes(minute);
    expect(subjects(site)).to.have.length(1);
  });

  it('tell that a clock may be wrong when most callbacks are refused on time alone, and what offset they see', async () => {
    const { site, passes } = await openAlarmed({});
    await passes(0);
    const stale = (): Promise<unknown> => {
      const { body } = sell(site, ['TS-101']).completed();
      return site.receives({ body, headers: site.stripe.sign(body, { at: new Date(Date.now() - 40 * minute) }) });
    };
    for (let count = 0; count < 4; count++) await stale();
    await site.app.verdicts.flush();
    await passes(minute);
    expect(subjects(site)).to.deep.equal(["Needs you: is this server's clock right? stripe is refused for its time stamps"]);
    const text = site.mailbox.messagesFor(owner).at(-1)?.parsed.text?.replace(/\s+/g, ' ');
    expect(text).to.contain("By these stamps this server's clock is 40 minutes ahead.");
    await passes(2 * hour);
    await passes(11 * minute);
    expect(subjects(site).at(-1)).to.equal('Over: the time stamps of stripe fit again');
  });

  it('end without a word when they are no longer looked for', async () => {
    const { site, passes } = await openAlarmed({ silenceHours: { stripe: 1 } });
    await takes(site, sell(site, ['TS-101']).completed());
    await site.app.verdicts.flush();
    await passes(2 * hour);
    expect(subjects(site)).to.have.length(1);
    await site.writes('handover.json', { ...(await settingsOf(site)), alarms: {} });
    await site.app.reload();
    await passes(minute);
    await passes(11 * minute);
    expect([subjects(site).length, await site.app.store.alarms()]).to.deep.equal([1, []]);
  });
});

async function settingsOf(site: Site): Promise<object> {
  return JSON.parse(await readFile(`${site.folder}/handover.json`, 'utf8')) as object;
}

describe('The offset of a clock', () => {
  const receivedAt = Date.parse('2027-01-15T08:00:00Z');
  const sample = (headers: RefusedSample['headers']): RefusedSample => ({
    code: 'SIGNATURE_STALE',
    receivedAt,
    method: 'POST',
    url: '/',
    headers,
    body: new Uint8Array(),
  });
  const seconds = receivedAt / 1000;

  it('is read from the stamps that are signed, in seconds or milliseconds', () => {
    expect(clockOffsetSeconds([sample({ 'stripe-signature': `t=${seconds - 600},v1=00ff` })])).to.equal(600);
    expect(clockOffsetSeconds([sample({ 'webhook-timestamp': String(seconds + 90) })])).to.equal(-90);
    expect(clockOffsetSeconds([sample({ 'x-signature': `ts=${receivedAt - 5000};h1=ab` })])).to.equal(5);
  });

  it('is the middle one of several, so that one old request does not decide', () => {
    const samples = [600, 601, 86_400].map((late) => sample({ 'webhook-timestamp': String(seconds - late) }));
    expect(clockOffsetSeconds(samples)).to.equal(601);
  });

  it('is not guessed from other numbers', () => {
    expect(clockOffsetSeconds([sample({ 'x-order': String(seconds - 600), 'x-signature': `v1=${'1'.repeat(64)}` })])).to.equal(
      undefined,
    );
    expect(clockOffsetSeconds([])).to.equal(undefined);
  });
});

describe('What is refused on time alone', () => {
  const counts = (stale: number, taken: number) => ({
    verdicts: [{ gateway: 'stripe', verdict: 'refused', code: 'SIGNATURE_STALE', count: stale }],
    gateways: [{ gateway: 'stripe', taken, heardAt: 0 }],
  });

  it('is most within the hour, not since ever', () => {
    const look = watchRefusedOnTime();
    expect(look(counts(1000, 5), 0)[0]?.stands).to.equal(undefined);
    expect(look(counts(1002, 5), minute)[0]?.stands).to.equal(undefined);
    expect(look(counts(1003, 5), 2 * minute)[0]).to.deep.equal({ gateway: 'stripe', stale: 3, taken: 0, stands: true });
    expect(look(counts(1003, 9), 3 * minute)[0]?.stands).to.equal(false);
    expect(look(counts(1003, 9), 70 * minute)[0]).to.include({ stale: 0, stands: false });
  });
});
