import { accepted, defineGateway, ignored, refused } from '../contract/gateway.ts';
import { readForm, type Form } from './paypal-ipn/form.ts';
import { deliveryOf, isMessage, valueOf } from './paypal-ipn/message.ts';
import { environmentOf, paypalIpnOptions, type PaypalIpnOptions } from './paypal-ipn/options.ts';
import { readAdjustment, readCase, readPayment } from './paypal-ipn/payments.ts';
import { prove } from './paypal-ipn/prove.ts';
import { changeOf, subscriptionChanges } from './paypal-ipn/subscriptions.ts';

/**
 * PayPal's older notifications (Instant Payment Notification), which buttons and many shop systems still use: forms without a
 * signature, proved by sending them back (https://developer.paypal.com/api/nvp-soap/ipn/IPNImplementation/).
 */
export const paypalIpn = defineGateway<PaypalIpnOptions>({
  name: 'paypal-ipn',
  summary: "PayPal's older notifications (IPN): buttons, subscriptions, carts of other shop systems",
  options: paypalIpnOptions,

  async verify(callback, context) {
    const form = readForm(callback.body);
    if (!form || !isMessage(form)) return refused('MALFORMED', 'The body is not a form as PayPal sends it.');
    const verdict = await prove(callback, form, context);
    if (verdict) return verdict;
    return tellsSomething(form)
      ? accepted(deliveryOf(form, callback.body))
      : ignored(`PayPal's ${valueOf(form, 'txn_type')?.slice(0, 60) ?? 'message'} changes no order`);
  },

  async read(callback, context) {
    const form = readForm(callback.body);
    if (!form) return { ignored: 'The body is not a form as PayPal sends it.' };
    const message = { form, callback, context };
    const type = valueOf(form, 'txn_type');
    if (type === 'new_case') return readCase(message);
    if (type === 'adjustment') return readAdjustment(message);
    return changeOf(message) ?? readPayment(message);
  },

  /** PayPal adds the payment's id to the return address where payment data transfer is switched on. */
  findReturn: async ({ query }) => {
    const payment = query['tx'] ?? query['txn_id'];
    return payment !== undefined && /^[A-Z0-9]{17}$/.test(payment) ? { purchase: payment } : undefined;
  },

  check: async (context) => {
    const environment = environmentOf(context);
    if ((environment === 'live') === (context.mode === 'live')) {
      return [
        { ok: true, message: `Messages are verified at PayPal's ${environment} environment. PayPal itself was not asked.` },
      ];
    }
    const message = `The gateway talks to PayPal's ${environment} environment, but "mode" is "${context.mode}".`;
    return [{ ok: false, message, hint: 'Leave "environment" out, or make it fit "mode" in handover.json.' }];
  },
});

function tellsSomething(form: Form): boolean {
  const type = valueOf(form, 'txn_type') ?? '';
  return (
    subscriptionChanges.has(type) || type === 'new_case' || type === 'adjustment' || valueOf(form, 'payment_status') !== undefined
  );
}
