import { expect } from 'chai';
import { sampleRecord, sampleSite, type Sample } from '../responses/sample-order.ts';
import { notice, wordsOf } from './mail-bench.ts';

const problem = { code: 'MOODLE_COURSE_UNKNOWN', message: 'Moodle has no course "ts-101".', hint: 'Create it in Moodle.' };

describe('notices to the owner', () => {
  it('tell of a sale, and that there is nothing to do', () => {
    const { to, subject, text } = notice({ input: { kind: 'sale' }, sample: { lines: [{ sku: 'TS-101', quantity: 2 }] } });
    expect(to).to.deep.equal(['owner@example.com']);
    expect(subject).to.equal('Sold: TypeScript from the start × 2 for €98.00');
    expect(text).to.contain('Ada Lovelace bought TypeScript from the start × 2').and.contain('There is nothing to do.');
    expect(text).to.contain('Buyer: Ada Lovelace, ada@example.org').and.contain('Paid by: stripe pi_1');
  });

  it('tell of a sale with what is late and what needs a person', () => {
    const lines = [
      { sku: 'TS-101', steps: ['ready' as const] },
      { sku: 'KEY-7', steps: ['parked' as const] },
    ];
    const { text } = notice({ input: { kind: 'sale' }, sample: { lines } });
    expect(text).to.contain('Still on its way: TypeScript from the start.').and.contain('Needs you: Editor Pro, one year.');
    expect(text).to.not.contain('nothing to do');
  });

  it('hold no key and no sign-in link', () => {
    const { text, html } = notice({ input: { kind: 'sale' }, sample: { lines: [{ sku: 'BUNDLE-1' }] } });
    expect(text + html).to.not.match(/EDIT-|\/open\//);
  });

  it('say of a parked step who paid, what is missing, what was tried and what to do', () => {
    const sample: Partial<Sample> = { lines: [{ sku: 'TS-101', steps: ['parked'] }] };
    const [step] = sampleRecord(sample).steps;
    const about = { step: step!.key, action: 'lms.enrol', verb: 'grant', attempts: 9, ...problem };
    const mail = notice({ input: { kind: 'parked', lines: [1], about }, sample });
    expect(mail.subject).to.equal('Needs you: deliver TypeScript from the start for order K3M9-2QXT-7BHD');
    expect(mail.text).to.contain('Ada Lovelace paid, and we could not deliver TypeScript from the start.');
    expect(mail.text).to.contain('What went wrong: Moodle has no course "ts-101".').and.contain('  - Create it in Moodle.');
    expect(mail.text)
      .to.contain(`npx handover retry "${step!.key}"`)
      .and.contain(`handover done "${step!.key}"`)
      .and.contain('Code: MOODLE_COURSE_UNKNOWN');
    expect(wordsOf(mail)).to.contain('Create it in Moodle.');
  });

  it('say of a parked step that has no order what it was', () => {
    const about = { step: 'notice/stock/editor/low', action: 'lowStock', verb: 'notice', attempts: 9, ...problem };
    expect(notice({ input: { kind: 'parked', about } }).subject).to.equal('Needs you: send the notice about lowStock');
  });

  it('list everything that does not add up about a held order', () => {
    const holds = [
      { code: 'AMOUNT_MISMATCH', message: 'Line 1 cost 1.00 EUR.' },
      { code: 'MODE_MISMATCH', message: 'It is a test payment.' },
    ];
    const { subject, text } = notice({ input: { kind: 'held', outcome: 'held' }, sample: { order: { status: 'held', holds } } });
    expect(subject).to.equal('Needs you: order K3M9-2QXT-7BHD is held');
    expect(text).to.contain('Line 1 cost 1.00 EUR. (AMOUNT_MISMATCH)').and.contain('It is a test payment. (MODE_MISMATCH)');
    expect(text).to.contain('handover release K3M9-2QXT-7BHD');
  });

  it('say which product file is missing, and what to do if it is somebody else’s', () => {
    const sample: Partial<Sample> = { lines: [{ sku: 'TS-999', title: 'New course', state: 'parked' }] };
    const { subject, text } = notice({ input: { kind: 'unknownSku', about: { sku: 'TS-999', title: 'New course' } }, sample });
    expect(subject).to.equal('Needs you: no product file for SKU TS-999');
    expect(text).to.contain('"sku": "TS-999"').and.contain('"ignoreSkus" of gateway "stripe"');
  });

  it('warn of a key pool that runs low, and of an empty one', () => {
    const low = notice({ input: { kind: 'lowStock', about: { pool: 'editor', left: 1, lowStock: 10 } } });
    expect(low.subject).to.equal('Only 1 key left in "editor"');
    expect(low.text).to.contain('keys import editor');
    const empty = notice({ input: { kind: 'lowStock', about: { pool: 'editor', left: 0, lowStock: 10 } } });
    expect(empty.subject).to.equal('Needs you: no keys left in "editor"');
  });

  it('tell of a callback that could not be read', () => {
    const about = {
      id: '12',
      gateway: 'stripe',
      deliveryId: 'evt_1',
      receivedAt: Date.parse('2026-05-03T10:00:00Z'),
      attempts: 14,
      ...problem,
    };
    const { subject, text } = notice({ input: { kind: 'parkedCallback', about } });
    expect(subject).to.equal('Needs you: a callback from stripe could not be read');
    expect(text).to.contain('tried 14 times').and.contain('handover retry callback/12').and.contain('May 3, 2026 at 10:00');
  });

  it('tell others of an outcome, with the gateway’s reason', () => {
    const { subject, text } = notice({
      input: { kind: 'tell', outcome: 'disputed' },
      sample: { order: { status: 'disputed', reason: 'product not received' } },
    });
    expect(subject).to.equal('Order K3M9-2QXT-7BHD is disputed at the bank: TypeScript from the start');
    expect(text).to.contain('The gateway says: product not received');
  });

  it('mark test orders in the subject', () => {
    expect(notice({ input: { kind: 'sale' }, sample: { order: { mode: 'test' } } }).subject).to.match(/^\[Test\] Sold/);
    const site = sampleSite({ mode: 'test' });
    expect(notice({ input: { kind: 'lowStock', about: { pool: 'a', left: 3 } }, site }).subject).to.match(/^\[Test\] /);
  });

  it('have one button where there is a back office', () => {
    const { html } = notice({
      input: { kind: 'held' },
      sample: {},
      parts: { staffUrl: (id) => `https://shop.example.com/office/${id}` },
    });
    expect(html).to.contain('href="https://shop.example.com/office/K3M9-2QXT-7BHD"');
  });

  it('are handed to a person when their receiver is no address', () => {
    expect(() => notice({ input: { kind: 'sale', to: ['owner'] }, sample: {} }))
      .to.throw()
      .that.includes({ code: 'MAIL_RECEIVER_INVALID', retry: 'never' });
  });
});
