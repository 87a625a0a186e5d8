import { accepted, defineGateway, ignored, refused, type GatewayContext } from '../contract/gateway.ts';
import { trimSecrets } from './signature.ts';
import { openReturn, shortestSecret } from './webmoney/cart.ts';
import { startCheckout } from './webmoney/checkout.ts';
import { readForm, type Form } from './webmoney/form.ts';
import { judge } from './webmoney/hash.ts';
import { deliveryOf, readNotice } from './webmoney/notice.ts';
import { defaultProofs, defaultRefusal, webmoneyOptions, type WebmoneyOptions } from './webmoney/options.ts';
import { findObjection, isPrerequest, judgePrerequest } from './webmoney/prerequest.ts';
import { paidEvent } from './webmoney/read.ts';

/**
 * WebMoney's Web Merchant Interface: a form post before the payment (signed by nobody, answered YES or with a reason) and one
 * after it, proved by a hash with the purse's secret key (https://wiki.wmtransfer.com/projects/webmoney/wiki/Web_Merchant_Interface).
 */
export const webmoney = defineGateway<WebmoneyOptions>({
  name: 'webmoney',
  summary: 'WebMoney Merchant: payments into WebMoney purses',
  options: webmoneyOptions,

  verify({ body }, context) {
    const { secrets, proofs = defaultProofs } = context.options;
    const form = readForm(body);
    if (!form) return refused('MALFORMED', 'A field of the form occurs twice, or there are far too many.');
    if (form.size === 0) return ignored('A probe without fields: WebMoney asks whether this address answers');
    if (isPrerequest(form)) return judgePrerequest(form, context);
    if (!form.has('LMI_HASH') && !form.has('LMI_HASH2'))
      return refused('SIGNATURE_MISSING', 'The form has neither LMI_HASH2 nor LMI_HASH.');
    const notice = readNotice(form);
    if (typeof notice === 'string')
      return refused('MALFORMED', `The field ${notice} is missing or has not the form WebMoney gives it.`);
    switch (judge(form, notice, secrets, proofs)) {
      case 'genuine':
        return accepted(deliveryOf(notice));
      case 'missing':
        return refused('SIGNATURE_MISSING', `None of the hashes that "proofs" lists was sent: ${proofs.join(', ')}.`);
      case 'malformed':
        return refused('SIGNATURE_MALFORMED', 'The hash is not as long as those that "proofs" lists, or not hexadecimal.');
      case 'mismatch':
        return refused(
          'SIGNATURE_MISMATCH',
          'No configured secret key made this hash. Compare the key and its upper and lower case with the purse.',
        );
    }
  },

  async read({ body }, context) {
    const form = readForm(body);
    const notice = form && readNotice(form);
    if (!form || typeof notice !== 'object') return { ignored: 'The form is not a result notice.' };
    return { events: [paidEvent(notice, form, context)] };
  },

  async reply(verdict, { body }, context) {
    const { refusal = defaultRefusal } = context.options;
    const form = readForm(body);
    const asks = form !== undefined && isPrerequest(form);
    if (verdict.kind === 'refused') return asks ? answer(refusal) : undefined;
    return answer(asks ? await answerTo(form, refusal, context) : 'YES');
  },

  needsBuyer: true,
  checkout: startCheckout,

  findReturn: async ({ query }, { options }) => {
    const purchase = openReturn(query['order'] ?? '', options.cartSecrets);
    return purchase === undefined ? undefined : { purchase };
  },

  check: async ({ options: { purses, cartSecrets } }) => {
    const isShort = trimSecrets(cartSecrets).some((secret) => secret.length < shortestSecret);
    const hint = `Give the cart secret ${shortestSecret} random characters or more.`;
    return isShort
      ? [{ ok: false, message: 'A cart secret is too short, so nothing signed with it is believed.', hint }]
      : [{ ok: true, message: `Notices for ${purses.join(', ')} can be proved. WebMoney itself was not asked.` }];
  },
});

/** Unsure means no: nothing is lost by a payment that was not made. */
async function answerTo(form: Form, refusal: string, context: GatewayContext<WebmoneyOptions>): Promise<string> {
  try {
    const objection = await findObjection(form, context);
    if (!objection) return 'YES';
    const { code, message, words = refusal } = objection;
    context.log.warn({ gateway: context.name, code }, `A payment was stopped before it was made. ${message}`);
    return words;
  } catch (error) {
    const told = error instanceof Error ? error.message : 'unknown';
    context.log.error(
      { gateway: context.name, error: told },
      'Price and stock could not be looked up, so a payment was stopped.',
    );
    return refusal;
  }
}

/** WebMoney reads the text; a status other than 200 would be a failure of the address. */
function answer(text: string): { status: number; headers: Record<string, string>; body: string } {
  return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: text };
}
