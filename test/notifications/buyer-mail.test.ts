import { expect } from 'chai';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outcomeNames, type ProductTexts } from '../../src/presentation/config-shapes.ts';
import { createMailRenderer } from '../../src/notifications/render-mail.ts';
import { sampleParts, sampleProducts, sampleRecord, sampleSite, type Sample } from '../responses/sample-order.ts';
import { buyerMail, renderBuyerMail, viewsFolder, wordsOf } from './mail-bench.ts';

const three: Partial<Sample> = { lines: [{ sku: 'TS-101' }, { sku: 'KEY-7', steps: ['ready'] }, { sku: 'BUNDLE-1' }] };

describe('the mail to the buyer', () => {
  it('gives the same on paper as on the page: sign-in link, user name, key', () => {
    const { to, subject, text, late } = buyerMail({ sample: { lines: [{ sku: 'BUNDLE-1' }] } });
    expect(to).to.deep.equal(['ada@example.org']);
    expect(subject).to.equal('Your order K3M9-2QXT-7BHD is ready');
    expect(text).to.contain('Sign in:\nhttps://shop.example.com/shop/open/1-1-course');
    expect(text).to.contain('User name:\n    ada');
    expect(text).to.contain('Activation key:\n    EDIT-11A7-QX4M-99TR-KLMN');
    expect(late).to.deep.equal([]);
  });

  it('tells in plain text all that the HTML part tells', () => {
    const mail = buyerMail({ sample: three });
    const plain = mail.text.replace(/\s+/g, ' ');
    for (const said of [
      /Hello Ada,/,
      /Sign in/,
      /EDIT-31A7-QX4M-99TR-KLMN/,
      /Number: K3M9-2QXT-7BHD/,
      /Paid: €147\.00/,
      /help@example\.com/,
    ]) {
      expect(plain).to.match(said);
      expect(wordsOf(mail)).to.match(said);
    }
    const links = [...mail.html.matchAll(/href="(https[^"]+)"/g)].map(([, link]) => link);
    expect(links).to.have.length.above(2);
    for (const link of links) expect(mail.text).to.contain(link);
  });

  it('names what is ready and what is late, and asks for a mail about the late', () => {
    const { subject, text, late } = buyerMail({ sample: three });
    expect(subject).to.equal('Your order K3M9-2QXT-7BHD: paid, and almost complete');
    expect(text).to.match(/TypeScript from the start\n-+\n\nSign in:/);
    expect(text).to.match(/Editor Pro, one year: being prepared\n-+\n\nThis takes a little longer/);
    expect(late).to.deep.equal([2]);
  });

  it('lets the late one follow alone', () => {
    const { subject, text } = buyerMail({
      input: { lines: [2], followUp: true },
      sample: { lines: [{ sku: 'TS-101' }, { sku: 'KEY-7' }] },
    });
    expect(subject).to.equal('Now ready: Editor Pro, one year (order K3M9-2QXT-7BHD)');
    expect(text).to.contain('EDIT-21A7-QX4M-99TR-KLMN').and.not.contain('TypeScript').and.not.contain('Paid:');
  });

  it('is not sent when the order was refunded before it went out', () => {
    const refunded = { order: { status: 'refunded' as const }, lines: [{ sku: 'TS-101', wanted: 'revoked' as const }] };
    expect(renderBuyerMail({ sample: refunded }))
      .to.have.property('skipped')
      .that.contains('refunded');
  });

  it('does not speak of an item that was taken back meanwhile', () => {
    const lines = [{ sku: 'TS-101', wanted: 'revoked' as const }, { sku: 'KEY-7' }];
    expect(buyerMail({ sample: { order: { status: 'partlyRefunded' }, lines } }).text).to.not.contain('TypeScript');
  });

  for (const outcome of outcomeNames) {
    it(`has a good default for the outcome "${outcome}", with order number and help`, () => {
      const mail = buyerMail({ input: { outcome } });
      expect(mail.subject).to.contain('K3M9-2QXT-7BHD');
      expect(mail.text)
        .to.match(/^Hello Ada,\n\n/)
        .and.to.contain('Questions? Write to help@example.com and mention order K3M9-2QXT-7BHD.');
      expect(mail.text).to.contain('https://shop.example.com/shop/orders/token-1');
      expect(`${mail.subject}${mail.text}${mail.html}`).to.not.match(/\{\{|undefined|null\b|NaN/);
      expect(mail.html).to.not.match(/<script|<table| on\w+=/);
    });
  }

  it('speaks in the owner’s words and lists again nothing that they name', () => {
    const paid = {
      mail: {
        subject: 'Your course is ready',
        text: 'Sign in, {{buyer.firstName}}: {{course.loginUrl}}\n\nName: {{course.username}}',
      },
    };
    const { subject, text } = buyerMail({ sample: { products: sampleProducts({ 'TS-101': { outcomes: { paid } } }) } });
    expect(subject).to.equal('Your course is ready');
    expect(text).to.match(/^Sign in, Ada: https:\/\/shop\.example\.com\/shop\/open\/1-1-course\n\nName: ada\n\nYour order page:/);
  });

  it('keeps the owner’s words with their item when several products share a mail', () => {
    const paid = { mail: { subject: 'Not used', text: 'Bring a pencil to {{product.title}}.' } };
    const { subject, text } = buyerMail({
      sample: { lines: [{ sku: 'TS-101' }, { sku: 'KEY-7' }], products: sampleProducts({ 'TS-101': { outcomes: { paid } } }) },
    });
    expect(subject).to.equal('Your order K3M9-2QXT-7BHD is ready');
    expect(text).to.match(/TypeScript from the start\n-+\n\nBring a pencil to TypeScript from the start\.\n\nSign in:/);
  });

  it('is not sent where the owner wants none', () => {
    const none: Partial<ProductTexts> = { outcomes: { declined: { mail: false } } };
    const declined = { order: { status: 'declined' as const, payments: [] } };
    const skipped = renderBuyerMail({
      input: { outcome: 'declined' },
      sample: { ...declined, products: sampleProducts({ 'TS-101': none }) },
    });
    expect(skipped).to.have.property('skipped');
    const site = sampleSite({ outcomes: { declined: { mail: false } } });
    expect(renderBuyerMail({ input: { outcome: 'declined' }, sample: declined, site })).to.have.property('skipped');
  });

  it('escapes buyer and shop in its HTML part, and not in its text part', () => {
    const buyer = { name: `<img src=x>&"`, email: 'ada@example.org' };
    const paid = { mail: { subject: 'Hi {{buyer.name}}', text: '<b>{{buyer.name}}</b>' } };
    const mail = buyerMail({ sample: { order: { buyer }, products: sampleProducts({ 'TS-101': { outcomes: { paid } } }) } });
    expect(mail.html).to.contain('&lt;b&gt;&lt;img src=x&gt;&amp;&#34;&lt;/b&gt;').and.not.contain('<img');
    expect(mail.text).to.contain(`<b><img src=x>&"</b>`);
  });

  it('has a subject of one line, whatever the buyer is called', () => {
    const buyer = { name: 'Ada\r\nBcc: all\u2028X', email: 'ada@example.org' };
    const paid = { mail: { subject: 'Hi {{buyer.name}}\n\nX', text: 'x' } };
    const { subject } = buyerMail({
      sample: { order: { buyer }, products: sampleProducts({ 'TS-101': { outcomes: { paid } } }) },
    });
    expect(subject)
      .to.match(/^Hi Ada Bcc: ?(all)?/)
      .and.not.match(/[\r\n\u2028]/);
  });

  it('is handed to a person when there is no address to send it to', () => {
    for (const [email, code] of [
      ['', 'BUYER_EMAIL_MISSING'],
      ['ada@example.org,bob@example.org', 'BUYER_EMAIL_INVALID'],
      ['ada', 'BUYER_EMAIL_INVALID'],
    ] as const) {
      expect(() => renderBuyerMail({ sample: { order: { buyer: { email } } } }))
        .to.throw()
        .that.includes({ code, retry: 'never' });
    }
  });

  it('is handed to a person rather than sent with a key that cannot be read', () => {
    const open = (): string => {
      throw new Error('sealed under another secret');
    };
    expect(() => renderBuyerMail({ sample: { lines: [{ sku: 'KEY-7' }] }, parts: { open } }))
      .to.throw()
      .that.includes({ code: 'SECRET_UNREADABLE', retry: 'never' });
  });

  it('goes to the owner as an exact copy', () => {
    const copy = buyerMail({ input: { kind: 'copy', to: ['owner@example.com'] }, sample: three });
    const original = buyerMail({ sample: three });
    expect(copy).to.deep.include({
      to: ['owner@example.com'],
      subject: original.subject,
      text: original.text,
      html: original.html,
      late: [],
    });
  });

  it('can have the site’s own layout', () => {
    const shopFolder = mkdtempSync(join(tmpdir(), 'handover-mails-'));
    mkdirSync(join(shopFolder, 'mails'));
    writeFileSync(join(shopFolder, 'mails/letter.ejs'), '<h1><%= letter.subject %> for <%= order.buyer.name %></h1>');
    const own = createMailRenderer({ viewsFolder, shopFolder });
    const mail = own.render({ verb: 'mail', input: { kind: 'buyer', outcome: 'paid' } }, sampleRecord(), sampleParts());
    rmSync(shopFolder, { recursive: true });
    expect(mail).to.have.property('html', '<h1>Your order K3M9-2QXT-7BHD is ready for Ada Lovelace</h1>');
  });
});
