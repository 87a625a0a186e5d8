import { StepError } from '../../contract/errors.ts';
import type { Finding } from '../../contract/gateway.ts';
import { listAt, textAt } from '../json-fields.ts';
import { openApi, type PaypalApi } from './api.ts';
import { environmentOf, type PaypalContext } from './options.ts';

/** Without these a sale stays unseen, or its end does. Of two names in one entry, which PayPal documents on different pages, one suffices. */
const wantedEvents: readonly (readonly string[])[] = [
  ['CHECKOUT.ORDER.APPROVED'],
  ['PAYMENT.CAPTURE.COMPLETED'],
  ['PAYMENT.CAPTURE.PENDING'],
  ['PAYMENT.CAPTURE.DENIED', 'PAYMENT.CAPTURE.DECLINED'],
  ['PAYMENT.CAPTURE.REFUNDED'],
  ['PAYMENT.CAPTURE.REVERSED'],
  ['CUSTOMER.DISPUTE.CREATED'],
  ['CUSTOMER.DISPUTE.RESOLVED'],
];

/** Do the credentials work, do the webhooks call us and tell enough, and may the app see disputes? */
export async function checkPaypal(context: PaypalContext): Promise<readonly Finding[]> {
  const environment = environmentOf(context);
  if ((environment === 'live') !== (context.mode === 'live')) {
    const message = `The gateway talks to PayPal's ${environment} environment, but "mode" is "${context.mode}".`;
    return [{ ok: false, message, hint: 'Leave "environment" out, or make it fit "mode" in handover.json.' }];
  }
  const api = openApi(context);
  const findings: Finding[] = [];
  for (const id of context.options.webhookIds) {
    const finding = await checkWebhook(id, api, context);
    findings.push(finding.finding);
    if (finding.isFinal) return findings;
  }
  return [
    { ok: true, message: `PayPal's ${environment} environment takes the client id and secret.` },
    ...findings,
    await checkDisputes(api),
  ];
}

async function checkWebhook(
  id: string,
  api: PaypalApi,
  { name }: PaypalContext,
): Promise<{ finding: Finding; isFinal: boolean }> {
  try {
    const webhook = await api.webhook(id);
    const url = textAt(webhook, 'url') ?? '';
    const types = listAt(webhook, 'event_types').map((type) => textAt(type, 'name'));
    return { finding: judgeWebhook(id, url, types, name), isFinal: false };
  } catch (error) {
    return { finding: findingOf(error), isFinal: !(error instanceof StepError && error.code === 'PAYPAL_OBJECT_UNKNOWN') };
  }
}

function judgeWebhook(id: string, url: string, types: readonly (string | undefined)[], name: string): Finding {
  if (!url.endsWith(`/callbacks/${name}`)) {
    const hint = `Change its URL in the developer dashboard, or put the id of the webhook for …/callbacks/${name} into "webhookIds".`;
    return { ok: false, message: `The webhook ${id} calls ${url}, which does not end in /callbacks/${name}.`, hint };
  }
  const missing = types.includes('*') ? [] : wantedEvents.filter((names) => !names.some((each) => types.includes(each)));
  if (missing.length > 0) {
    const list = missing.map((names) => names.join(' or ')).join(', ');
    return { ok: false, message: `The webhook ${id} is not told of ${list}.`, hint: 'Add these events to the webhook.' };
  }
  return { ok: true, message: `The webhook ${id} calls ${url} and is told of the events that are needed.` };
}

async function checkDisputes(api: PaypalApi): Promise<Finding> {
  try {
    await api.anyDispute();
    return { ok: true, message: 'The app may see disputes.' };
  } catch (error) {
    return findingOf(error);
  }
}

function findingOf(error: unknown): Finding {
  if (!(error instanceof StepError)) throw error;
  return { ok: false, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
}
