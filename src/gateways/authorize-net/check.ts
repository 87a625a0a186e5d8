import { StepError } from '../../contract/errors.ts';
import type { Finding, GatewayContext } from '../../contract/gateway.ts';
import { callApi, getRest } from './client.ts';
import type { AuthorizeNetOptions } from './options.ts';

type Context = GatewayContext<AuthorizeNetOptions>;

/** Without these a sale or its end stays unseen. */
const wanted = ['authcapture.created', 'priorAuthCapture.created', 'refund.created', 'void.created', 'fraud.approved'].map(
  (name) => `net.authorize.payment.${name}`,
);

/** Do the keys work, is it the right currency, may we read transactions, and does a webhook call us? */
export async function checkAuthorizeNet(context: Context): Promise<readonly Finding[]> {
  const account = await tried(() => checkAccount(context));
  if (account.some(({ ok }) => !ok)) return account;
  return [...account, ...(await tried(() => checkReading(context))), ...(await tried(() => checkWebhooks(context)))];
}

async function tried(check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return [{ ok: false, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) }];
  }
}

async function checkAccount(context: Context): Promise<Finding[]> {
  const { currency = 'USD' } = context.options;
  const answer = (await callApi(context, 'getMerchantDetailsRequest', {}, 'the account')) as
    { currencies?: unknown; isTestMode?: unknown } | undefined;
  const currencies = [answer?.currencies].flat(2).filter((each) => typeof each === 'string');
  const findings: Finding[] = [{ ok: true, message: 'Login and transaction key work.' }];
  if (currencies.length > 0 && !currencies.includes(currency)) {
    const hint = `Set "currency" of the gateway to ${currencies.join(' or ')}.`;
    findings.push({ ok: false, message: `The account does not take ${currency}.`, hint });
  }
  if (answer?.isTestMode === true && context.mode === 'live') {
    const hint = 'Switch Test Mode off in the Merchant Interface (Account, Settings).';
    findings.push({ ok: false, message: 'The account is in Test Mode: nothing is charged.', hint });
  }
  return findings;
}

async function checkReading(context: Context): Promise<Finding[]> {
  const request = { paging: { limit: 1, offset: 1 } };
  await callApi(context, 'getUnsettledTransactionListRequest', request, 'transactions');
  return [{ ok: true, message: 'Transactions can be read.' }];
}

/** Best effort: what the REST side does not tell is said to be unchecked. */
async function checkWebhooks(context: Context): Promise<Finding[]> {
  const answer = await getRest(context, 'webhooks');
  const listed = answer.status === 200 ? answer.json() : undefined;
  if (!Array.isArray(listed))
    return [{ ok: true, message: `Whether a webhook calls us could not be checked (${answer.status}).` }];
  const end = `/callbacks/${context.name}`;
  const ours = (listed as Partial<Record<string, unknown>>[]).filter((each) =>
    String(each['url']).replace(/\/+$/, '').endsWith(end),
  );
  if (ours.length === 0) {
    const hint = `Add one in the Merchant Interface (Account, Settings, Webhooks) for the address that ends in ${end}.`;
    return [{ ok: false, message: `No webhook of this account ends in ${end}.`, hint }];
  }
  return ours.map(checkWebhook);
}

function checkWebhook({ url, status, eventTypes }: Partial<Record<string, unknown>>): Finding {
  const address = String(url);
  if (status !== 'active') {
    const hint = 'Set it active in the Merchant Interface (Account, Settings, Webhooks), then run the sweep for what it missed.';
    return { ok: false, message: `The webhook ${address} is ${String(status)}.`, hint };
  }
  const types = Array.isArray(eventTypes) ? (eventTypes as unknown[]) : [];
  const missing = wanted.filter((type) => !types.includes(type));
  return missing.length === 0
    ? { ok: true, message: `The webhook ${address} is active and gets the events that are needed.` }
    : { ok: false, message: `The webhook ${address} does not get ${missing.join(', ')}.`, hint: 'Add these events to it.' };
}
