import { paypal, paypalIpn } from '../../src/gateways/index.ts';
import type { PaypalIpnOptions } from '../../src/gateways/paypal-ipn/options.ts';
import type { PaypalOptions } from '../../src/gateways/paypal/options.ts';
import { createHttpClient } from '../../src/outgoing/axios-http.ts';
import { startPaypal, type IpnMessage, type PaypalCallback, type PaypalDouble } from '../../src/testing/paypal/index.ts';
import { gatewaySuite } from '../../src/testing/suites/gateway-suite.ts';
import { optionsFor } from './paypal-site.ts';

for (const verification of ['offline', 'postback'] as const) {
  describe(`the suite for gateways, on PayPal proved ${verification}`, () => {
    let double: PaypalDouble;
    let completed: PaypalCallback;
    let again: PaypalCallback;

    before(async () => {
      double = await startPaypal({ environment: 'live' });
      const sale = double.sale({ lines: [{ sku: 'TS-101', quantity: 2, price: '49.00' }], customId: 'cart-7' });
      completed = sale.captured();
      again = double.tell('CHECKOUT.ORDER.COMPLETED', sale.order);
    });
    after(() => double.close());

    gatewaySuite<PaypalOptions>('paypal', {
      gateway: paypal,
      options: () => optionsFor(double, { verification }),
      otherAccount: () => optionsFor(double, { verification, webhookIds: ['9XX597110X687430LKGECATA'] }),
      proof: { headers: ['paypal-transmission-sig', 'paypal-transmission-id', 'paypal-transmission-time'] },
      toleranceSeconds: 4 * 86_400,
      genuine: () => ({ body: completed.body, headers: completed.headers }),
      again: () => again,
      resign: (body, how = {}) => ({ body, headers: double.sign(body, how) }),
      unknownType: () => double.tell('CATALOG.PRODUCT.CREATED', { id: 'PROD-1' }),
      http: createHttpClient(),
      proofHttp: createHttpClient(),
      expected: { mode: 'live', amount: { amount: 9800, currency: 'EUR' } },
    });
  });
}

describe('the suite for gateways, on PayPal IPN', () => {
  let double: PaypalDouble;
  let genuine: IpnMessage;
  let again: IpnMessage;

  before(async () => {
    double = await startPaypal({ environment: 'live' });
    const fields = {
      txn_id: '61E67681CH3238416',
      txn_type: 'web_accept',
      payment_status: 'Completed',
      payment_date: '20:12:59 Jan 13, 2026 PST',
      mc_gross: '19.99',
      mc_currency: 'USD',
      item_number: 'TS-101',
      item_name: 'TypeScript',
      quantity: '1',
    };
    genuine = double.ipn(fields);
    again = double.ipn(fields);
  });
  after(() => double.close());

  const options = (account: string): PaypalIpnOptions => ({ accounts: [account], postbackUrl: double.postbackUrl });

  gatewaySuite<PaypalIpnOptions>('paypal-ipn', {
    gateway: paypalIpn,
    options: () => options(double.merchantId),
    otherAccount: () => options('other@example.org'),
    proof: { fields: ['verify_sign'], signed: ['txn_id', 'mc_gross', 'item_number', 'quantity'] },
    genuine: () => genuine,
    again: () => again,
    unknownType: () => double.ipn({ txn_type: 'mp_signup', mp_id: 'B-1' }),
    proofHttp: createHttpClient(),
    expected: { mode: 'live', amount: { amount: 1999, currency: 'USD' } },
  });
});
