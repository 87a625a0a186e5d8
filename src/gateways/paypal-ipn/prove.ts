import { StepError, tryLater } from '../../contract/errors.ts';
import { refused, type Callback, type Verdict } from '../../contract/gateway.ts';
import { createTurns } from '../turns.ts';
import type { Form } from './form.ts';
import { receiverOf } from './message.ts';
import { postbackUrlOf, type IpnContext } from './options.ts';

const timeoutMs = 10_000;
/** Each proof costs a call to PayPal, so whoever sends forgeries does not get more of them at once. PayPal repeats the rest. */
const turns = createTurns(8, 32);

/**
 * Whether PayPal sent this message: it is asked, with the very bytes, and answers VERIFIED or INVALID. Undefined: yes. Before
 * that nothing is kept, so that nobody can fill the store with inventions; PayPal repeats a message for four days until it is
 * taken. That it vouches before its message is answered is what its own samples rely on (https://github.com/paypal/ipn-code-samples).
 */
export async function prove({ body }: Callback, form: Form, context: IpnContext): Promise<Verdict | undefined> {
  if (receiverOf(form, context.options.accounts) === 'other') {
    return refused('PAYPAL_RECEIVER_OTHER', 'The message is about a payment to an account that "accounts" does not list.');
  }
  return turns(
    () => ask(body, context),
    () => unproved('Too many messages are being verified at once.', 10_000),
  );
}

async function ask(body: Uint8Array, context: IpnContext): Promise<Verdict | undefined> {
  const request = {
    method: 'POST',
    url: postbackUrlOf(context),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'User-Agent': 'handover-ipn' },
    bytes: Buffer.concat([Buffer.from('cmd=_notify-validate&'), body]),
    timeoutMs,
  } as const;
  const answer = await context.http.send(request).catch((error: unknown) => {
    throw unproved(error instanceof StepError ? error.message : 'It was not sent.');
  });
  const word = answer.text.trim();
  if (answer.status === 200 && word === 'VERIFIED') return undefined;
  if (answer.status === 200 && word === 'INVALID') {
    return refused('PAYPAL_IPN_INVALID', 'PayPal says that it did not send this message, or not so.');
  }
  throw unproved(`PayPal answered ${answer.status}, neither VERIFIED nor INVALID.`, answer.retryAfterMs);
}

function unproved(why: string, retryAfterMs?: number): StepError {
  return tryLater('PAYPAL_IPN_UNPROVED', `The message could not be verified at PayPal just now. ${why}`, {
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    hint: 'Let this server reach ipnpb.paypal.com over HTTPS. PayPal sends the message again.',
  });
}
