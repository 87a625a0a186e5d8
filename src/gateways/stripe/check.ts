import type { Finding, GatewayContext } from '../../contract/gateway.ts';
import type { StepError } from '../../contract/errors.ts';
import { explainApiError } from './api-errors.ts';
import { createStripeClient } from './client.ts';
import { isTrueAt, listAt, textAt, type Fields } from './fields.ts';
import type { StripeOptions } from './options.ts';

type Client = ReturnType<typeof createStripeClient>;

/** What reading callbacks needs, each with a call that asks for as little as possible. */
const needs: readonly (readonly [what: string, ask: (client: Client) => Promise<unknown>])[] = [
  ['Checkout Sessions', (client) => client.checkout.sessions.list({ limit: 1 })],
  ['PaymentIntents', (client) => client.paymentIntents.list({ limit: 1 })],
  ['refunds', (client) => client.refunds.list({ limit: 1 })],
  ['invoices', (client) => client.invoices.list({ limit: 1 })],
  ['prices', (client) => client.prices.list({ limit: 1 })],
  ['events', (client) => client.events.list({ limit: 1 })],
];

/** Without these a sale stays unseen, or its end does. */
const wantedEvents = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.closed',
];

/** Does the key work, may it read what we need, and is an endpoint registered that calls us? */
export async function checkStripe(context: GatewayContext<StripeOptions>): Promise<readonly Finding[]> {
  const kind = keyKind(context.options.apiKey);
  if (kind === undefined) {
    return [
      {
        ok: false,
        message: 'The API key is neither a secret nor a restricted key.',
        hint: 'It begins with sk_live_, sk_test_, rk_live_ or rk_test_.',
      },
    ];
  }
  if (kind !== context.mode) {
    const message = `The API key is a ${kind} key, but "mode" is "${context.mode}".`;
    return [{ ok: false, message, hint: 'Use the key and the webhook secret of the same mode as "mode" in handover.json.' }];
  }
  const client = createStripeClient(context);
  const findings: Finding[] = [];
  for (const [what, ask] of needs) {
    const problem = await problemOf(what, () => ask(client));
    findings.push(problem ? findingOf(problem) : { ok: true, message: `The ${kind} key may read ${what}.` });
    if (problem && problem.code !== 'STRIPE_KEY_FORBIDDEN') return findings;
  }
  return [...findings, ...(await checkEndpoints(client, context.name))];
}

function keyKind(key: string): string | undefined {
  return /^[sr]k_(live|test)_/.exec(key.trim())?.[1];
}

async function problemOf(what: string, ask: () => Promise<unknown>): Promise<StepError | undefined> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    return explainApiError(error, what);
  }
}

function findingOf({ message, hint }: StepError): Finding {
  return { ok: false, message, ...(hint !== undefined && { hint }) };
}

/** Best effort: a restricted key need not be allowed to see endpoints. */
async function checkEndpoints(client: Client, name: string): Promise<Finding[]> {
  let endpoints: Fields[];
  try {
    endpoints = listAt(await client.webhookEndpoints.list({ limit: 100 }));
  } catch {
    return [{ ok: true, message: 'The key may not list webhook endpoints, so whether one calls us could not be checked.' }];
  }
  const ours = endpoints.filter((endpoint) => textAt(endpoint, 'url')?.endsWith(`/callbacks/${name}`));
  if (ours.length === 0) {
    const hint = `Add one in the Stripe dashboard (Developers, Webhooks) for the address that ends in /callbacks/${name}.`;
    return [{ ok: false, message: `No webhook endpoint of this account ends in /callbacks/${name}.`, hint }];
  }
  return ours.map(checkEndpoint);
}

function checkEndpoint(endpoint: Fields): Finding {
  const url = textAt(endpoint, 'url') ?? '';
  if (textAt(endpoint, 'status') !== 'enabled') {
    return {
      ok: false,
      message: `The webhook endpoint ${url} is disabled.`,
      hint: 'Enable it in the Stripe dashboard (Developers, Webhooks).',
    };
  }
  const events = endpoint['enabled_events'];
  const enabled = Array.isArray(events) ? events : [];
  const missing = enabled.includes('*') ? [] : wantedEvents.filter((type) => !enabled.includes(type));
  if (missing.length > 0) {
    return {
      ok: false,
      message: `The webhook endpoint ${url} does not get ${missing.join(', ')}.`,
      hint: 'Add these events to the endpoint.',
    };
  }
  const mode = isTrueAt(endpoint, 'livemode') ? 'live' : 'test';
  return { ok: true, message: `The ${mode} webhook endpoint ${url} is enabled and gets the events that are needed.` };
}
