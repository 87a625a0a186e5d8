import { giveUp, tryLater } from '../contract/errors.ts';
import {
  accepted,
  defineGateway,
  ignored,
  refused,
  type GatewayContext,
  type Reading,
  type Verdict,
} from '../contract/gateway.ts';
import { checkAuthorizeNet } from './authorize-net/check.ts';
import { startCheckout } from './authorize-net/checkout.ts';
import { readTransactionFacts } from './authorize-net/facts.ts';
import { readPostedForm, type PostedForm } from './authorize-net/form.ts';
import { paymentTypes, readNotice, sweptTransaction, type Notice } from './authorize-net/notice.ts';
import { authorizeNetOptions, type AuthorizeNetOptions } from './authorize-net/options.ts';
import { provePost, proveWebhook } from './authorize-net/proof.ts';
import { answerPost, returnLabel } from './authorize-net/relay.ts';
import { isSubscriptionNews, readSubscriptionNews } from './authorize-net/subscription-facts.ts';
import { sweepTransactions } from './authorize-net/sweep.ts';
import { getTransaction } from './authorize-net/transaction.ts';
import { headerText } from './signature.ts';
import { openName } from './signed-name.ts';

/**
 * Authorize.net: webhooks in JSON, signed with HMAC-SHA512
 * (https://developer.authorize.net/api/reference/features/webhooks.html), and where the configuration takes them the form posts
 * of its older days. None of them says what was bought, so each leads to the transaction, and that is what is believed.
 */
export const authorizeNet = defineGateway<AuthorizeNetOptions>({
  name: 'authorize-net',
  summary: 'Authorize.net: webhooks, hosted payment page, recurring billing, and the older relay response',
  options: authorizeNetOptions,

  verify({ headers, body }, { options }) {
    const header = headerText(headers, 'x-anet-signature');
    if (header !== undefined) return verifyWebhook(header, body, options);
    const form = readPostedForm(body);
    if (form) return verifyPost(form, options);
    return refused('SIGNATURE_MISSING', 'The request has no X-ANET-Signature header.');
  },

  async read(callback, context) {
    const { headers, body, attempts } = callback;
    if (headerText(headers, 'x-anet-signature') === undefined) return readWithoutNotice(body, attempts, context);
    const notice = readNotice(body);
    if (!notice) return { ignored: 'The body is not a notice of Authorize.net.' };
    return paymentTypes.has(notice.type)
      ? readTransaction(notice.about, notice.at, attempts, context)
      : readSubscriptionNews(notice, callback, context);
  },

  reply(verdict, { headers, body }, { options }) {
    if (verdict.kind === 'refused' || headerText(headers, 'x-anet-signature') !== undefined) return undefined;
    const form = readPostedForm(body);
    return form && provePost(form, options.secrets) === 'genuine' ? answerPost(form, options) : undefined;
  },

  findReturn: async ({ query }, { options }) => {
    const purchase = openName(query['order'] ?? '', returnLabel, options.secrets);
    return purchase === undefined ? undefined : { purchase };
  },

  checkout: startCheckout,
  lists: 'payments',
  sweep: sweepTransactions,
  check: checkAuthorizeNet,
});

function verifyWebhook(header: string, body: Uint8Array, { secrets, webhookKey = 'text' }: AuthorizeNetOptions): Verdict {
  switch (proveWebhook(header, body, secrets, webhookKey)) {
    case 'malformed':
      return refused('SIGNATURE_MALFORMED', 'The X-ANET-Signature header does not read sha512= and 128 hexadecimal digits.');
    case 'mismatch':
      return refused(
        'SIGNATURE_MISMATCH',
        'No configured Signature Key made this signature. Each account has its own; see "webhookKey".',
      );
    case 'genuine':
      return judge(readNotice(body));
  }
}

function judge(notice: Notice | undefined): Verdict {
  if (!notice) return refused('MALFORMED', 'The callback is genuine, but its body is not a notice as Authorize.net sends them.');
  if (!paymentTypes.has(notice.type) && !isSubscriptionNews(notice))
    return ignored(`Authorize.net's ${notice.type.slice(0, 60)} changes no order`);
  return isTransactionOfTestMode(notice.about) ? ignored('Test Mode of the account: nothing was charged') : accepted(notice.id);
}

/** The form says too little to be believed further than its number, so a repetition of it is one delivery. */
function verifyPost(form: PostedForm, { secrets, relay, silentPost }: AuthorizeNetOptions): Verdict {
  const transaction = form.get('x_trans_id') ?? '';
  if (!/^\d{1,30}$/.test(transaction)) return refused('MALFORMED', 'x_trans_id is not the number of a transaction.');
  const isHashed = (form.get('x_sha2_hash') ?? '') !== '';
  if (!isHashed && silentPost !== 'hint') {
    return form.has('x_md5_hash') && (form.get('x_md5_hash') ?? '') !== ''
      ? refused('SIGNATURE_OBSOLETE', 'x_MD5_Hash proves nothing any more; set a Signature Key, so that x_SHA2_Hash is sent.')
      : refused('SIGNATURE_MISSING', 'The form has no x_SHA2_Hash, and "silentPost" is "refuse".');
  }
  if (isHashed) {
    if (relay !== 'accept')
      return refused('AUTHORIZE_NET_RELAY_REFUSED', 'A relay response or silent post came, but "relay" is "refuse".');
    const proof = provePost(form, secrets);
    if (proof === 'malformed') return refused('SIGNATURE_MALFORMED', 'x_SHA2_Hash is not 128 hexadecimal digits.');
    if (proof === 'mismatch') return refused('SIGNATURE_MISMATCH', 'No configured Signature Key made x_SHA2_Hash.');
  }
  if (isTransactionOfTestMode(transaction)) return ignored('Test Mode of the account: nothing was charged');
  return accepted(`${isHashed ? 'post' : 'hint'}:${transaction}:${(form.get('x_response_code') ?? '').slice(0, 5)}`);
}

function isTransactionOfTestMode(transaction: string): boolean {
  return /^0+$/.test(transaction);
}

/** A sweep's find, or a form post. A post that nothing proves may name a transaction that was never made. */
async function readWithoutNotice(
  body: Uint8Array,
  attempts: number,
  context: GatewayContext<AuthorizeNetOptions>,
): Promise<Reading> {
  const swept = sweptTransaction(body);
  if (swept !== undefined) return readTransaction(swept, undefined, attempts, context);
  const form = readPostedForm(body);
  if (!form) return { ignored: 'The body is neither a notice nor a form of Authorize.net.' };
  const isHint = provePost(form, context.options.secrets) !== 'genuine';
  return readTransaction(form.get('x_trans_id') ?? '', undefined, attempts, context, isHint);
}

/** Some minutes may pass until a new transaction can be asked for. */
const patientAttempts = 5;

async function readTransaction(
  id: string,
  at: string | undefined,
  attempts: number,
  context: GatewayContext<AuthorizeNetOptions>,
  isHint = false,
): Promise<Reading> {
  const transaction = await getTransaction(context, id);
  if (transaction) return readTransactionFacts(transaction, at, context);
  if (isHint) return { ignored: `The account has no transaction ${id}: the post was not from Authorize.net.` };
  const message = `The account does not know transaction ${id}.`;
  if (attempts < patientAttempts) throw tryLater('AUTHORIZE_NET_TRANSACTION_UNKNOWN', message);
  throw giveUp('AUTHORIZE_NET_TRANSACTION_UNKNOWN', message, {
    hint: 'Login and Signature Key may be of different accounts, or of the sandbox and live. Compare them, then retry the callback.',
  });
}
