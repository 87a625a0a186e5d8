import { createHash } from 'node:crypto';
import { StepError, giveUp, tryLater, type HttpClient, type HttpResponse, type OrderLine, type Person } from 'handover/contract';
import { problemOfAddresses } from './addresses.ts';
import { offerNamed, settingsOf, type KajabiOptions, type Settings } from './options.ts';

/** The part of a context that a call takes. */
export interface KajabiContext {
  readonly options: KajabiOptions;
  readonly http: HttpClient;
  readonly signal?: AbortSignal;
  readonly learner: Person;
  readonly line: Pick<OrderLine, 'sku'>;
}

/** `already`: it was so before. */
export type Told = 'done' | 'already';

/**
 * Alone speaks to the other side. What is documented: a POST of name, email and external_user_id to the address. Status and body
 * of the answers are not, so any success counts, unless it is a page or holds errors; of refusals the words that users of these
 * addresses report decide.
 * Source: https://help.kajabi.com/articles/api-integrations/webhooks/webhooks-explained
 */
export async function callOffer(offer: string, verb: 'activate' | 'deactivate', ctx: KajabiContext): Promise<Told> {
  const settings = settingsOf(ctx.options);
  const what = `${verb} offer "${offer}"`;
  const response = await ctx.http
    .send({
      method: 'POST',
      url: addressOf(offer, verb, settings, ctx),
      headers: { Accept: 'application/json' },
      json: memberOf(settings, ctx),
      timeoutMs: settings.requestTimeoutSeconds * 1000,
      ...(ctx.signal && { signal: ctx.signal }),
    })
    .catch((error: unknown) => Promise.reject(noAnswer(error, what)));
  const words = refusalIn(response);
  if (words === undefined) return 'done';
  if (isStandingSo(verb, words)) return 'already';
  throw problemOf(response, words, what);
}

/** What Kajabi knows the learner by; all three are required. */
function memberOf({ externalUserId }: Settings, { learner, line }: KajabiContext) {
  const email = learner.email?.trim() ?? '';
  if (email === '') {
    throw giveUp(
      'KAJABI_LEARNER_UNKNOWN',
      `The order names no mail address, so SKU ${line.sku ?? '?'} cannot be given in Kajabi.`,
      {
        hint: 'Add the address to the order, or grant the offer by hand.',
      },
    );
  }
  const id = email.toLowerCase();
  const code = createHash('sha256').update(id).digest('hex').slice(0, 24);
  return { name: nameOf(learner) || email, email, external_user_id: externalUserId === 'hash' ? `shop-${code}` : id };
}

function nameOf({ name = '', firstName = '', lastName = '' }: Person): string {
  const full = name.trim() === '' ? `${firstName} ${lastName}` : name;
  return full
    .toWellFormed()
    .replace(/[<>\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}

function addressOf(offer: string, verb: 'activate' | 'deactivate', settings: Settings, { line }: KajabiContext): string {
  const addresses = offerNamed(settings, offer);
  if (!addresses) {
    throw giveUp('KAJABI_OFFER_UNKNOWN', `handover.json names no Kajabi offer "${offer}", which SKU ${line.sku ?? '?'} gives.`, {
      hint: 'Add it under "offers", or correct "with.offer" in the product file; then retry the step.',
    });
  }
  const problem = problemOfAddresses(addresses, settings);
  if (problem !== undefined) {
    throw giveUp('KAJABI_ADDRESS_WRONG', `Offer "${offer}" in handover.json: ${problem}`, {
      hint: 'Copy both addresses from the webhooks of the offer in Kajabi, then retry the step.',
    });
  }
  if (verb === 'deactivate') return addresses.deactivationUrl;
  const url = new URL(addresses.activationUrl);
  if (settings.sendOfferMail) url.searchParams.set('send_offer_grant_email', 'true');
  return url.href;
}

/** The words of a refusal, undefined for none. A page instead of an answer is one as well. */
function refusalIn(response: HttpResponse): string | undefined {
  const body = response.json();
  const errors = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)['errors'] : undefined;
  const hasErrors = Array.isArray(errors)
    ? errors.length > 0
    : typeof errors === 'object'
      ? errors !== null && Object.keys(errors).length > 0
      : typeof errors === 'string';
  const isSuccess = response.status >= 200 && response.status < 300;
  if (isSuccess && !hasErrors && !isPage(response)) return undefined;
  return response.text.slice(0, 2000);
}

function isPage({ headers, text }: HttpResponse): boolean {
  return /html/i.test(headers['content-type'] ?? '') || /^\s*<(!doctype|html)/i.test(text);
}

/** Nothing there to take back is success, and so is what was there before. */
function isStandingSo(verb: 'activate' | 'deactivate', words: string): boolean {
  return verb === 'activate' ? /already been granted/i.test(words) : /grant not found|base\W{0,8}not found/i.test(words);
}

function problemOf({ status, retryAfterMs, headers, text }: HttpResponse, words: string, what: string): StepError {
  const told = `Kajabi answered ${status} when asked to ${what}.`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status >= 300 && status < 400) {
    return giveUp('KAJABI_REDIRECTED', told, {
      hint: 'Copy the addresses of the offer from Kajabi again: ours lead elsewhere, and redirects are not followed.',
    });
  }
  if (status === 429 || status === 408 || status === 503) {
    return tryLater('KAJABI_BUSY', told, { ...wait, unknown: status !== 429, down: status !== 429 });
  }
  if (status >= 500) return tryLater('KAJABI_SERVER_ERROR', told, { ...wait, unknown: true, down: true });
  if (status < 300 && isPage({ headers, text } as HttpResponse)) {
    return tryLater('KAJABI_UNREADABLE', `Kajabi answered a page when asked to ${what}.`, {
      unknown: true,
      hint: 'If this stays, copy the addresses of the offer from Kajabi again.',
    });
  }
  if (/(already taken|email\W{0,8}is invalid|base\W{0,8}not found)/i.test(words)) {
    return giveUp('KAJABI_MEMBER_REFUSED', `Kajabi does not accept the learner's mail address when asked to ${what}.`, {
      hint: 'It may know the address by another external user id: see the webhook log of the offer. Grant or revoke the offer by hand, then mark the step done.',
    });
  }
  if (status === 404 || status === 401 || status === 403) {
    return giveUp('KAJABI_ADDRESS_REFUSED', told, {
      hint: 'Copy both addresses from the webhooks of the offer in Kajabi: these are not valid, or the plan no longer includes webhooks. Then retry the step.',
    });
  }
  return giveUp('KAJABI_REFUSED', told, {
    hint: 'See the webhook log of the offer in Kajabi for the cause, then retry the step.',
  });
}

/** The first error is not kept as cause: it may hold the address, which is a secret. */
function noAnswer(error: unknown, what: string): StepError {
  if (error instanceof StepError && error.code === 'NOT_SENT') {
    return tryLater('KAJABI_NOT_REACHED', `Kajabi could not be reached to ${what}.`, {
      hint: 'Nothing was sent. If this stays, copy the addresses of the offer from Kajabi again.',
      down: true,
    });
  }
  return tryLater('KAJABI_NO_ANSWER', `Kajabi gave no answer when asked to ${what}.`, { unknown: true, down: true });
}
