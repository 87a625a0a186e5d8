import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { MailConfig } from '../config/types.ts';
import { giveUp } from '../contract/errors.ts';
import { isEmailAddress } from '../contract/email-address.ts';
import type { Finding } from '../contract/gateway.ts';

import { crashPoint } from '../crash-point.ts';
import { explainFailure, type SmtpFailure } from './mail-failure.ts';

/** A mail as it goes out, and the step it belongs to. */
export interface OutgoingMail {
  /** The step's key: the same key gives the same Message-ID, so that a repeat can be told from a second mail. */
  readonly key: string;
  readonly orderId: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Where the receiver asks to get no more of these (RFC 8058). */
  readonly spareUrl?: string;
}

/** What the mail server said. */
export interface SentMail {
  readonly messageId: string;
  /** Its answer, e.g. `250 2.0.0 Ok: queued as 4F1B2`. */
  readonly response: string;
  readonly accepted: number;
  /** How many of several receivers were refused; when all are, sending fails. */
  readonly refused: number;
}

export interface Mailer {
  /**
   * Hands the mail to the server once. Throws `tryLater` (`MAIL_SERVER_…`, `MAIL_POSTPONED`, `MAIL_UNCONFIRMED` with
   * `unknown: true`) or `giveUp` (`MAIL_REFUSED`, `MAIL_RECEIVER_INVALID`).
   */
  send(mail: OutgoingMail, signal?: AbortSignal): Promise<SentMail>;
  /** Signs in and out again, for `handover check`. */
  verify(): Promise<Finding>;
  close(): void;
}

export interface MailerSettings extends MailConfig {
  /** How long the server may take to answer. @default 15000 */
  readonly timeoutMs?: number;
  /** @default 3 */
  readonly connections?: number;
}

/** A mailer on a few kept connections. Passwords only travel over TLS, except to this machine itself. */
export function createMailer(settings: MailerSettings): Mailer {
  const { from, replyTo, smtp, timeoutMs = 15_000, connections = 3 } = settings;
  const isLocal = smtp.host === 'localhost' || smtp.host === '::1' || smtp.host.startsWith('127.');
  const signsIn = smtp.user !== undefined && smtp.password !== undefined;
  const transport = createTransport({
    pool: true,
    host: smtp.host,
    port: smtp.port,
    secure: smtp.secure,
    requireTLS: signsIn && !smtp.secure && !isLocal,
    ...(signsIn && { auth: { user: smtp.user ?? '', pass: smtp.password ?? '' } }),
    maxConnections: connections,
    maxRequeues: 0,
    idleTimeout: 30_000,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    socketTimeout: 2 * timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  return {
    async send(mail, signal) {
      const to = mail.to.map(receiver);
      const messageId = messageIdOf(mail.key, from.email);
      const message = new MailComposer({
        from: { name: oneLine(from.name ?? ''), address: from.email },
        to: to.map((address) => ({ name: '', address })),
        ...(replyTo !== undefined && { replyTo: { name: '', address: replyTo } }),
        messageId,
        subject: oneLine(mail.subject),
        text: mail.text,
        html: mail.html,
        headers: {
          ...(mail.orderId !== '' && { 'X-Handover-Order': oneLine(mail.orderId) }),
          'X-Handover-Step': oneLine(mail.key),
          'Auto-Submitted': 'auto-generated',
          ...(mail.spareUrl !== undefined && {
            'List-Unsubscribe': `<${mail.spareUrl}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
        },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const raw = watched(await message.compile().build());
      try {
        const sent = await transport.sendMail({
          envelope: { from: from.email, to },
          raw: raw.stream,
          messageId,
          ...(signal && { signal }),
        });
        crashPoint('after smtp 250');
        return { messageId, response: sent.response, accepted: sent.accepted.length, refused: sent.rejected.length };
      } catch (error) {
        throw explainFailure(error as SmtpFailure, { begun: raw.begun(), server: `${smtp.host}:${smtp.port}` });
      }
    },
    async verify() {
      const server = `${smtp.host}:${smtp.port}`;
      try {
        await transport.verify();
        return { ok: true, message: `The mail server ${server} lets us in.` };
      } catch (error) {
        const { message, hint } = explainFailure(error as SmtpFailure, { begun: false, server });
        return { ok: false, message, ...(hint !== undefined && { hint }) };
      }
    },
    close: () => transport.close(),
  };
}

/** `<hash@domain>`: the same for every attempt at a step. */
export function messageIdOf(key: string, from: string): string {
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return `<${hash}@${from.slice(from.lastIndexOf('@') + 1)}>`;
}

/** The message as a stream that tells whether any of it was taken: then the server may have it, whatever went wrong later. */
function watched(message: Buffer): { readonly stream: Readable; begun(): boolean } {
  let begun = false;
  const stream = new Readable({
    highWaterMark: 0,
    read() {
      begun = true;
      crashPoint('in smtp data');
      this.push(message);
      this.push(null);
    },
  });
  return { stream, begun: () => begun };
}

function receiver(address: string): string {
  if (isEmailAddress(address)) return address;
  throw giveUp('MAIL_RECEIVER_INVALID', 'The receiver is not a valid e-mail address.', {
    hint: 'Correct the address at the order or in the configuration, then retry the step.',
  });
}

/** Nothing in a header may begin another header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
