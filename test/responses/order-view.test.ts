import { expect } from 'chai';
import type { OrderStatus } from '../../src/contract/order.ts';
import type { OutcomeName } from '../../src/presentation/config-shapes.ts';
import { unreadable } from '../../src/presentation/grant-view.ts';
import { viewOrder } from '../../src/presentation/order-view.ts';
import { sampleEvent, sampleParts, sampleRecord, sampleSite, sampleStep, sampleView } from './sample-order.ts';

describe('an order as people see it', () => {
  it('is ready with keys opened and sign-in links of ours', () => {
    const [item] = sampleView({ lines: [{ sku: 'BUNDLE-1' }] }).items;
    expect(item?.state).to.equal('ready');
    const outputs = item?.grants.flatMap(({ outputs: each }) => each.filter(({ listed }) => listed)) ?? [];
    expect(outputs.map(({ name, kind, values }) => [name, kind, values])).to.deep.equal([
      ['username', 'text', ['ada']],
      ['loginUrl', 'link', ['https://shop.example.com/shop/open/1-1-course']],
      ['key', 'secret', ['EDIT-11A7-QX4M-99TR-KLMN']],
    ]);
  });

  it('has one key for each unit that was bought', () => {
    const [item] = sampleView({ lines: [{ sku: 'KEY-7', quantity: 3 }] }).items;
    expect(item?.grants[0]?.outputs[0]?.values).to.have.length(3);
    expect(item?.grants[0]?.units).to.deep.equal({ all: 3, ready: 3 });
  });

  it('is "partly" as long as one thing is late or needs a person', () => {
    expect(sampleView({ lines: [{ sku: 'TS-101' }, { sku: 'KEY-7', steps: ['ready'] }] }).outcome).to.equal('partly');
    expect(sampleView({ lines: [{ sku: 'KEY-7', steps: ['parked'] }] }).items[0]?.state).to.equal('parked');
    expect(sampleView({ lines: [{ sku: 'NEW-1', state: 'parked' }] }).outcome).to.equal('partly');
    expect(
      sampleView({ lines: [{ sku: 'KEY-7', quantity: 2, steps: ['done', 'running'] }] }).items[0]?.grants[0]?.units,
    ).to.deep.equal({
      all: 2,
      ready: 1,
    });
  });

  it('shows nothing of what was taken back or paused', () => {
    for (const wanted of ['revoked', 'suspended'] as const) {
      const [item] = sampleView({ lines: [{ sku: 'KEY-7', wanted }] }).items;
      expect(item?.grants[0]?.outputs[0]?.values).to.deep.equal([]);
    }
  });

  it('counts only steps that were not cancelled, and the newest of them', () => {
    const record = sampleRecord({ lines: [{ sku: 'KEY-7' }] });
    const again = { ...sampleStep({}), ...record.steps[0], key: 'again' };
    const cancelled = { ...record, steps: [...record.steps, { ...again, state: 'cancelled' as const }] };
    const renewed = { ...record, steps: [...record.steps, { ...again, verb: 'resume' as const, state: 'ready' as const }] };
    expect(viewOrder(cancelled, sampleParts()).outcome).to.equal('paid');
    expect(viewOrder(renewed, sampleParts()).outcome).to.equal('partly');
  });

  it('leaves items of other systems alone', () => {
    const view = sampleView({ lines: [{ sku: 'X-1', state: 'foreign' }, { sku: 'TS-101' }] });
    expect(view.items.map(({ state }) => state)).to.deep.equal(['elsewhere', 'ready']);
    expect(view.outcome).to.equal('paid');
  });

  it('says so when a key was sealed under a secret that is gone, and does not fall over', () => {
    const record = sampleRecord({ lines: [{ sku: 'KEY-7' }] });
    const steps = record.steps.map((step) => ({ ...step, outcome: { key: 'sealed under another secret' } }));
    expect(viewOrder({ ...record, steps }, sampleParts()).items[0]?.grants[0]?.outputs[0]?.values).to.deep.equal([unreadable]);
  });

  it('keeps what was bought visible when its connector is no longer configured', () => {
    const view = viewOrder(sampleRecord(), { ...sampleParts(), outputs: () => undefined });
    expect(view.items[0]).to.include({ title: 'TypeScript from the start', state: 'ready' });
  });

  const outcomes: readonly [OrderStatus, readonly Parameters<typeof sampleEvent>[0][], OutcomeName][] = [
    ['pending', ['payment.pending'], 'pending'],
    ['paid', ['payment.completed'], 'paid'],
    ['paid', ['payment.completed', 'payment.disputed', 'payment.disputeWon'], 'disputeWon'],
    ['paid', ['payment.completed', 'subscription.renewed'], 'renewed'],
    ['paid', ['payment.completed', 'subscription.renewalFailed'], 'renewalFailed'],
    ['paid', ['payment.completed', 'subscription.renewalFailed', 'subscription.renewed'], 'renewed'],
    ['declined', ['payment.failed'], 'declined'],
    ['expired', ['payment.pending', 'payment.expired'], 'expired'],
    ['expired', ['payment.expired'], 'abandoned'],
    ['refunded', ['payment.completed', 'payment.refunded'], 'refunded'],
    ['disputeLost', ['payment.completed', 'payment.disputed', 'payment.disputeLost'], 'refunded'],
    ['partlyRefunded', ['payment.completed', 'payment.refunded'], 'partlyRefunded'],
    ['disputed', ['payment.completed', 'payment.disputed'], 'disputed'],
    ['ended', ['payment.completed', 'subscription.ended'], 'ended'],
    ['held', ['payment.completed'], 'held'],
  ];
  for (const [status, kinds, outcome] of outcomes) {
    it(`is "${outcome}" when its status is ${status} after ${kinds.join(', ')}`, () => {
      expect(sampleView({ order: { status, events: kinds.map((kind) => sampleEvent(kind)) } }).outcome).to.equal(outcome);
    });
  }

  it('says what became of the mail', () => {
    expect(sampleView({}).mail).to.equal('none');
    expect(sampleView({ mail: 'waiting' }).mail).to.equal('sending');
    expect(sampleView({ mail: 'done' }).mail).to.equal('sent');
    expect(sampleView({ mail: 'parked' }).mail).to.equal('failed');
  });

  it('writes sums and days as the site writes them, and never stumbles over an odd language, zone or currency', () => {
    const german = sampleSite({ site: { ...sampleSite().site, language: 'de', timeZone: 'Europe/Berlin' } });
    const view = sampleView({ order: { paidAt: '2026-05-03T23:30:00Z' } }, german);
    expect(view.total?.text).to.equal('49,00\u00a0€');
    expect(view.date).to.equal('4. Mai 2026');
    const odd = sampleSite({ site: { ...sampleSite().site, language: 'x_x', timeZone: 'Nowhere/Land' } });
    expect(sampleView({ order: { total: { amount: 500, currency: 'odd!' } } }, odd)).to.include({ date: '2026-05-03' });
    const yen = sampleView({ order: { total: { amount: 500, currency: 'JPY' } } });
    expect(yen.total?.text).to.equal('¥500');
  });

  it('drops a name that carries an address: our mails carry nobody else’s advertising', () => {
    const name = (text: string): string => sampleView({ order: { buyer: { name: text, email: 'ada@example.org' } } }).buyer.name;
    expect(name('Ada  Lovelace\r\nBcc: x')).to.equal('Ada Lovelace Bcc: x');
    expect(name('Win at https://bad.example')).to.equal('');
    expect(name('www.bad.example now')).to.equal('');
    expect(name('x'.repeat(500))).to.have.length(80);
  });
});
