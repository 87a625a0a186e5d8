import { expect } from 'chai';
import { createServer, type Server, type Socket } from 'node:net';
import type { StepError } from '../../src/contract/errors.ts';
import {
  createMailer,
  messageIdOf,
  type Mailer,
  type MailerSettings,
  type OutgoingMail,
} from '../../src/notifications/send-mail.ts';
import { startMailbox, type Mailbox, type MailFault } from '../../src/testing/mailbox.ts';
import { buyerMail } from './mail-bench.ts';

const from = { name: 'Northern Academy', email: 'orders@example.com' };
const key = 'K3M9-2QXT-7BHD/mail/paid/1';
const mail = (changes: Partial<OutgoingMail> = {}): OutgoingMail => ({
  key,
  orderId: 'K3M9-2QXT-7BHD',
  ...buyerMail(),
  ...changes,
});

describe('sending a mail', () => {
  let mailbox: Mailbox;
  const mailers: Mailer[] = [];

  const open = (changes: Partial<MailerSettings> = {}, smtp: Partial<MailerSettings['smtp']> = {}): Mailer => {
    const mailer = createMailer({
      from,
      smtp: { host: '127.0.0.1', port: mailbox.port, secure: false, ...smtp },
      timeoutMs: 2000,
      ...changes,
    });
    mailers.push(mailer);
    return mailer;
  };
  const failure = async (sending: Promise<unknown>): Promise<StepError> => {
    try {
      await sending;
    } catch (error) {
      return error as StepError;
    }
    return expect.fail('The mail went out.');
  };

  beforeEach(async () => {
    mailbox = await startMailbox();
  });
  afterEach(async () => {
    for (const mailer of mailers.splice(0)) mailer.close();
    await mailbox.close();
  });

  it('hands over both parts and says who it is from, for which order and step', async () => {
    const sent = await open({ replyTo: 'help@example.com' }).send(mail());
    const [received] = mailbox.messages;
    const { parsed } = received!;
    const header = (name: string): string | undefined => parsed.headers.find((each) => each.key === name)?.value;
    expect(received).to.deep.include({ from: 'orders@example.com', to: ['ada@example.org'] });
    expect(parsed.from).to.deep.include({ name: 'Northern Academy', address: 'orders@example.com' });
    expect(parsed.replyTo).to.deep.equal([{ name: '', address: 'help@example.com' }]);
    expect(parsed.text).to.contain('https://shop.example.com/shop/open/1-1-course').and.contain('€49.00');
    expect(parsed.html).to.contain('<!doctype html>');
    expect(header('x-handover-order')).to.equal('K3M9-2QXT-7BHD');
    expect(header('x-handover-step')).to.equal(key);
    expect(header('auto-submitted')).to.equal('auto-generated');
    expect(sent).to.include({ accepted: 1, refused: 0, messageId: parsed.messageId });
    expect(mailbox.subjectsFor('ADA@example.org')).to.deep.equal(['Your order K3M9-2QXT-7BHD is ready']);
  });

  it('gives a repeat the same Message-ID, and another step another', async () => {
    const mailer = open();
    await mailer.send(mail());
    await mailer.send(mail());
    await mailer.send(mail({ key: 'K3M9-2QXT-7BHD/mail/refunded' }));
    const [first, again, other] = mailbox.messages.map(({ parsed }) => parsed.messageId);
    expect(first).to.equal(again).and.to.equal(messageIdOf(key, from.email));
    expect(other).to.not.equal(first);
    expect(first).to.match(/^<[0-9a-f]{32}@example\.com>$/);
  });

  it('lets nothing that somebody typed begin a header or name a receiver', async () => {
    const sly = 'Ada\r\nBcc: eve@example.org\r\n\r\nbody';
    const mailer = open({ from: { name: `${sly}, eve@example.org`, email: from.email } });
    await mailer.send(mail({ subject: sly, orderId: sly, key: sly }));
    const [received] = mailbox.messages;
    expect(received?.to).to.deep.equal(['ada@example.org']);
    expect(received?.parsed.headers.map(({ key: name }) => name)).to.not.include('bcc');
    expect(received?.parsed.subject).to.equal('Ada Bcc: eve@example.org body');
    expect(received?.parsed.from?.address).to.equal('orders@example.com');
  });

  for (const to of [
    'ada@example.org, eve@example.org',
    'Ada <ada@example.org>',
    'ada@example.org\r\nRCPT TO:<eve@example.org>',
    'ada@localhost',
    '"a b"@example.org',
  ]) {
    it(`sends nothing to ${JSON.stringify(to)}`, async () => {
      expect(await failure(open().send(mail({ to: [to] })))).to.include({ code: 'MAIL_RECEIVER_INVALID', retry: 'never' });
      expect(mailbox.connections).to.equal(0);
    });
  }

  const faults: readonly (readonly [string, MailFault, { code: string; retry: string; unknown: boolean }])[] = [
    [
      'gives up when the receiver is refused for good',
      { kind: 'refuse', at: 'rcpt', code: 550 },
      { code: 'MAIL_REFUSED', retry: 'never', unknown: false },
    ],
    [
      'gives up when the message is refused for good',
      { kind: 'refuse', at: 'data', code: 554 },
      { code: 'MAIL_REFUSED', retry: 'never', unknown: false },
    ],
    [
      'tries later when the receiver is refused for now',
      { kind: 'refuse', at: 'rcpt', code: 450 },
      { code: 'MAIL_POSTPONED', retry: 'later', unknown: false },
    ],
    [
      'tries later when the message is refused for now',
      { kind: 'refuse', at: 'data', code: 451 },
      { code: 'MAIL_POSTPONED', retry: 'later', unknown: false },
    ],
    [
      'tries later when the server is busy',
      { kind: 'refuse', at: 'connect', code: 421 },
      { code: 'MAIL_POSTPONED', retry: 'later', unknown: false },
    ],
    [
      'tries later when we are not let send: that is for the settings',
      { kind: 'refuse', at: 'mail', code: 553 },
      { code: 'MAIL_SERVER_REFUSES_US', retry: 'later', unknown: false },
    ],
    [
      'does not know when the line is cut within the message',
      { kind: 'dropInData' },
      { code: 'MAIL_UNCONFIRMED', retry: 'later', unknown: true },
    ],
    [
      'does not know when the line is cut before the answer',
      { kind: 'dropAfterData' },
      { code: 'MAIL_UNCONFIRMED', retry: 'later', unknown: true },
    ],
  ];
  for (const [name, fault, expected] of faults) {
    it(name, async () => {
      mailbox.faults.push(fault);
      const mailer = open();
      const error = await failure(mailer.send(mail()));
      expect(error).to.include(expected);
      if (expected.retry === 'never') expect(error.hint).to.contain('retry the step');
      expect(mailbox.faults).to.have.length(0);
      await mailer.send(mail());
      expect(mailbox.messages.at(-1)?.parsed.messageId).to.equal(messageIdOf(key, from.email));
    });
  }

  it('does not send again by itself: only the schedule of attempts does', async () => {
    mailbox.faults.push({ kind: 'dropAfterData' });
    const mailer = open();
    await failure(mailer.send(mail()));
    await mailer.send(mail({ key: 'another' }));
    expect(mailbox.messages).to.have.length(2);
  });

  it('uses one connection for many mails', async () => {
    const mailer = open();
    for (let number = 0; number < 5; number += 1) await mailer.send(mail({ key: `mail/${number}` }));
    expect(mailbox.connections).to.equal(1);
  });

  it('waits no longer than it is told for a silent server', async () => {
    const sockets = new Set<Socket>();
    const silent: Server = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    expect(await failure(open({ timeoutMs: 100 }, { port }).send(mail()))).to.include({
      code: 'MAIL_SERVER_UNREACHABLE',
      retry: 'later',
      unknown: false,
    });
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('tries later when nobody listens', async () => {
    const { port } = mailbox;
    await mailbox.close();
    const error = await failure(open({}, { port }).send(mail()));
    expect(error).to.include({ code: 'MAIL_SERVER_UNREACHABLE', retry: 'later', unknown: false });
    mailbox = await startMailbox();
  });

  it('stops when it is told to', async () => {
    mailbox.faults.push({ kind: 'slow', delayMs: 60_000 });
    const stop = new AbortController();
    const sending = failure(open().send(mail(), stop.signal));
    while (mailbox.messages.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await sending).to.include({ code: 'MAIL_UNCONFIRMED', retry: 'later', unknown: true });
  });

  it('says whether the server lets us in', async () => {
    await mailbox.close();
    mailbox = await startMailbox({ login: { user: 'shop', password: 'right' } });
    expect(await open({}, { user: 'shop', password: 'right' }).verify()).to.include({ ok: true });
    const wrong = open({}, { user: 'shop', password: 'wrong' });
    expect(await wrong.verify())
      .to.include({ ok: false })
      .and.to.have.property('hint')
      .that.contains('mail.smtp.password');
    const error = await failure(wrong.send(mail()));
    expect(error).to.include({ code: 'MAIL_SERVER_LOGIN', retry: 'later' });
    expect(error.message).to.not.contain('wrong');
  });
});

describe('the mailbox for demonstrations', () => {
  it('shows the mails to a browser, their HTML in a frame that can do nothing', async () => {
    const mailbox = await startMailbox();
    const mailer = createMailer({ from, smtp: { host: '127.0.0.1', port: mailbox.port, secure: false } });
    await mailer.send(mail({ subject: '<b>Hello</b>' }));
    const list = await (await fetch(mailbox.url)).text();
    const single = await fetch(`${mailbox.url}1`);
    const page = await single.text();
    mailer.close();
    await mailbox.close();
    expect(list).to.contain('href="/1"').and.contain('ada@example.org').and.not.contain('<b>Hello');
    expect(page).to.contain('<iframe sandbox').and.contain('Auto-Submitted'.toLowerCase());
    expect(single.headers.get('content-security-policy')).to.contain("default-src 'none'");
  });
});
