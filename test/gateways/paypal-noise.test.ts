import { expect } from 'chai';
import fc from 'fast-check';
import { StepError } from '../../src/contract/errors.ts';
import type { HttpClient } from '../../src/contract/http.ts';
import { paypal, paypalIpn } from '../../src/gateways/index.ts';
import { contextFor } from './stripe-site.ts';

const types = [
  'CHECKOUT.ORDER.APPROVED',
  'CHECKOUT.PAYMENT-APPROVAL.REVERSED',
  'PAYMENT.AUTHORIZATION.CREATED',
  'PAYMENT.CAPTURE.COMPLETED',
  'PAYMENT.CAPTURE.REFUNDED',
  'PAYMENT.CAPTURE.REVERSED',
  'CUSTOMER.DISPUTE.RESOLVED',
  'BILLING.SUBSCRIPTION.ACTIVATED',
  'BILLING.SUBSCRIPTION.PAYMENT.FAILED',
  'PAYMENT.SALE.COMPLETED',
  'PAYMENT.SALE.REVERSED',
];
const names =
  'id status amount intent purchase_units items links payer payment_source disputed_transactions plan_id state billing_info update_time __proto__'.split(
    ' ',
  );

function told(reading: Promise<unknown>): Promise<unknown> {
  return reading.catch((error: unknown) => error);
}

function expectSense(outcome: unknown): void {
  if (outcome instanceof Error) expect(outcome).to.be.instanceOf(StepError);
  else expect(outcome).to.have.any.keys('events', 'ignored');
}

describe('reading what PayPal never sent', () => {
  const at = new Date('2026-01-02T03:04:05Z');
  const kept = { gateway: 'paypal', method: 'POST', url: '/', headers: {}, receivedAt: at, deliveryId: 'WH-1', attempts: 1 };

  it('fails only in ways that say what to do, whatever callback and API hold', async () => {
    const object = fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 4 }));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...types), object, object, async (type, resource, answer) => {
        const text = JSON.stringify({ access_token: 't', expires_in: 900, id: 'ID1', ...answer });
        const http: HttpClient = {
          send: () => Promise.resolve({ status: 200, headers: {}, text, json: () => JSON.parse(text) as unknown }),
        };
        const options = {
          clientId: 'id-of-app',
          clientSecret: 'secret-of-app',
          webhookIds: ['W1'],
          apiBase: 'https://paypal.example.com',
        };
        const event = {
          id: 'WH-1',
          event_type: type,
          create_time: at.toISOString(),
          resource: { id: 'ID1', dispute_id: 'ID1', ...resource },
        };
        const callback = { ...kept, body: Buffer.from(JSON.stringify(event)) };
        expectSense(await told(paypal.read(callback, contextFor(options, { mode: 'test', http }))));
      }),
      { numRuns: 400 },
    );
  });

  it('does so for the older notifications too', async () => {
    const fields =
      'txn_id txn_type payment_status mc_gross mc_currency num_cart_items mc_gross_1 quantity1 subscr_id period1 mc_amount1 charset payment_date parent_txn_id'.split(
        ' ',
      );
    const values = fc.oneof(
      fc.string(),
      fc.constantFrom('Completed', 'Refunded', 'cart', 'subscr_signup', 'subscr_eot', 'USD', '1.00', '0.00', '-1', '14 D', '3'),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...fields), values), async (form) => {
        const callback = { ...kept, body: Buffer.from(new URLSearchParams(form).toString()) };
        expectSense(await told(paypalIpn.read(callback, contextFor({ accounts: ['merchant@example.org'] }))));
      }),
      { numRuns: 400 },
    );
  });
});
