import type { Catalogues } from './catalogues.ts';
import type { Configuration } from '../config/configuration.ts';
import { isErasedAddress } from '../contract/erased.ts';
import type { Logger } from '../contract/log.ts';
import type { Order } from '../contract/order.ts';
import type { PlannedStep } from '../contract/plan.ts';
import type { Edition } from './edition.ts';
import type { MessageResult } from '../fulfilment/run-step.ts';
import { createMailRenderer, type RenderedMail } from '../notifications/render-mail.ts';
import { quietForMs } from '../notifications/quiet-hours.ts';
import { createMailer, type Mailer } from '../notifications/send-mail.ts';
import { viewPartsOf } from './order-views.ts';
import type { OrderRecord, StepClaim } from '../storage/store.ts';
import { viewsFolder } from './views-folder.ts';

/** Carries out mail and notice steps: renders them as things stand now, and hands them to the mail server. */
export interface Messages {
  send(step: StepClaim, record: OrderRecord | undefined, signal: AbortSignal): Promise<MessageResult>;
  /** Takes the mail settings of a configuration. */
  use(configuration: Configuration): void;
  close(): void;
}

export interface MessageParts {
  readonly catalogues: Catalogues;
  edition(): Edition;
  readonly sealer: { open(sealed: string): string };
  readonly now: () => Date;
  isSpared(email: string): Promise<boolean>;
  /** The newest orders of a buyer. */
  ordersOf(email: string): Promise<readonly Order[]>;
  readonly log: Logger;
  readonly shopFolder: string;
}

export function createMessages(parts: MessageParts): Messages {
  const renderer = createMailRenderer({ viewsFolder, shopFolder: parts.shopFolder, log: parts.log });
  let mailer: Mailer | undefined;
  let settings = '';

  /** Who came back and bought is not told that a first attempt was left unfinished. */
  async function isOvertaken({ verb, input }: StepClaim, record: OrderRecord | undefined): Promise<boolean> {
    if (verb !== 'mail' || (input['outcome'] !== 'abandoned' && input['outcome'] !== 'expired') || !record) return false;
    const { order } = record;
    const skus = new Set(order.lines.map(({ sku }) => sku));
    const others = order.buyer.email === undefined ? [] : await parts.ordersOf(order.buyer.email);
    return others.some(
      ({ id, status, createdAt, lines }) =>
        id !== order.id && status === 'paid' && createdAt >= order.createdAt && lines.some(({ sku }) => skus.has(sku)),
    );
  }

  /** Follow-up mails keep quiet hours and the wishes of who gets them. */
  async function restFor(step: StepClaim, record: OrderRecord | undefined): Promise<number | 'spared' | undefined> {
    if (step.input['kind'] !== 'scheduled') return undefined;
    const email = record?.order.buyer.email;
    if (email !== undefined && (await parts.isSpared(email))) return 'spared';
    const { site } = parts.edition().configuration;
    return quietForMs(parts.now(), site.quietHours, site.site.timeZone);
  }

  return {
    async send(step, record, signal) {
      const restMs = await restFor(step, record);
      if (typeof restMs === 'number') return { outcome: {}, waitMs: restMs };
      if (restMs === 'spared') return { outcome: { skipped: 'The receiver asked to be spared these mails.' } };
      if (await isOvertaken(step, record)) return { outcome: { skipped: 'The buyer has bought it in another attempt.' } };
      const mail = renderer.render(step, record, await viewPartsOf(record, parts));
      if ('skipped' in mail) return { outcome: { skipped: mail.skipped } };
      if (mail.to.length > 0 && mail.to.every(isErasedAddress))
        return { outcome: { skipped: 'The data of the receiver were erased.' } };
      if (!mailer) {
        parts.log.warn({ order: step.orderId, step: step.key }, 'There is no "mail" in handover.json, so this mail is not sent.');
        return { outcome: { skipped: 'handover.json names no mail server.' } };
      }
      const sent = await mailer.send({ key: step.key, orderId: step.orderId, ...mail }, signal);
      const followUp = followUpOf(step, mail, record);
      return { outcome: { ...sent }, ...(followUp && { then: [followUp] }) };
    },
    use({ site }) {
      const wanted = JSON.stringify(site.mail ?? null);
      if (wanted === settings) return;
      settings = wanted;
      mailer?.close();
      mailer = site.mail && createMailer(site.mail);
    },
    close: () => mailer?.close(),
  };
}

/** What a mail called late gets a mail of its own, once nothing of it is missing any more. */
function followUpOf(step: StepClaim, { late }: RenderedMail, record: OrderRecord | undefined): PlannedStep | undefined {
  const open = (record?.steps ?? []).filter(
    ({ line, grantId, state }) =>
      grantId !== undefined && line !== undefined && late.includes(line) && state !== 'done' && state !== 'cancelled',
  );
  if (open.length === 0) return undefined;
  const { orderId, verb, action, account, configVersion } = step;
  const lines = [...new Set(open.flatMap(({ line }) => line ?? []))];
  const input = { ...step.input, lines, followUp: true };
  return { key: `${step.key}/late`, orderId, verb, action, account, configVersion, input, after: open.map(({ key }) => key) };
}
