import { giveUp, tryLater } from 'handover/contract';
import type { HttpResponse, StepError } from 'handover/contract';
import { messageBody, messageId } from './message.ts';
import type { Context, Telling } from './message.ts';
import { secretBytes, signatures } from './sign.ts';

/** Posts one message. Its words are kept before it goes out first: every attempt says the same under the same id. */
export async function post(telling: Telling, ctx: Context): Promise<string> {
  const { options, http, signal, now } = ctx;
  const id = messageId(ctx.stepKey);
  const body = await bodyOf(telling, ctx);
  const timestamp = Math.floor(now().getTime() / 1000);
  const answer = await http.send({
    method: 'POST',
    url: options.url,
    headers: {
      ...options.headers,
      'Content-Type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures(secretsOf(ctx), id, timestamp, body),
    },
    text: body,
    timeoutMs: (options.timeoutSeconds ?? 15) * 1000,
    signal,
    guard: { allowPrivate: options.allowPrivate ?? [] },
  });
  if (answer.status < 200 || answer.status > 299) throw failure(answer, options.url);
  return id;
}

async function bodyOf(telling: Telling, ctx: Context): Promise<string> {
  const known = ctx.memo?.['body'];
  if (typeof known === 'string') return known;
  const body = messageBody(telling, ctx);
  await ctx.remember({ body });
  return body;
}

function secretsOf({ options }: Context): Buffer[] {
  return [options.secret].flat().map((secret) => {
    const bytes = secretBytes(secret);
    if (bytes) return bytes;
    throw giveUp('WEBHOOK_SECRET', 'A secret that messages are signed with is not "whsec_" and 24 to 64 bytes in base64.', {
      hint: 'Make one: echo "whsec_$(openssl rand -base64 32)". Set it on both sides, then retry the step.',
    });
  });
}

/** Standard Webhooks: 410 means "stop"; any other answer but 2xx is tried again. */
function failure({ status, retryAfterMs }: HttpResponse, url: string): StepError {
  const { host } = new URL(url);
  if (status === 410) {
    return giveUp('WEBHOOK_GONE', `${host} answered 410: it takes no more messages.`, {
      hint: 'Take the account out of handover.json, or switch the receiver on again and retry the step.',
    });
  }
  return tryLater('WEBHOOK_NOT_TAKEN', `${host} answered ${status}, and 2xx is what counts.`, {
    unknown: status >= 500,
    hint: 'If this goes on, look at the log of the receiver: it refuses the signature, or has a problem of its own.',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
