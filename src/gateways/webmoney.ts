import { accepted, defineGateway, ignored, refused, type Callback } from '../contract/gateway.ts';
import { trimSecrets } from './signature.ts';
import { openReturn, shortestSecret } from './webmoney/cart.ts';
import { readForm } from './webmoney/form.ts';
import { judge } from './webmoney/hash.ts';
import { deliveryOf, readNotice } from './webmoney/notice.ts';
import { defaultProofs, defaultRefusal, webmoneyOptions, type WebmoneyOptions } from './webmoney/options.ts';
import { isPrerequest, judgePrerequest } from './webmoney/prerequest.ts';
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

  reply(verdict, callback, { options }) {
    if (verdict.kind !== 'refused') return answer('YES');
    return asksFirst(callback) ? answer(options.refusal ?? defaultRefusal) : undefined;
  },

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

function asksFirst({ body }: Callback): boolean {
  const form = readForm(body);
  return form !== undefined && isPrerequest(form);
}

/** WebMoney reads the text; a status other than 200 would be a failure of the address. */
function answer(text: string): { status: number; headers: Record<string, string>; body: string } {
  return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: text };
}
