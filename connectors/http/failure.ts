import { giveUp, tryLater } from 'handover/contract';
import type { HttpResponse, StepError } from 'handover/contract';
import { isSafe } from './options.ts';
import type { HttpOptions, RequestSettings } from './options.ts';
import { at } from './pointer.ts';
import { hostOf, type Context } from './send.ts';
import { fitsAny, isRedirect } from './sign.ts';
import type { Values } from './names.ts';

/** What an answer that is no success means for the next attempt: by the owner's word first, else by its status. */
export function failureOf(answer: HttpResponse, request: RequestSettings, values: Values, ctx: Context): StepError {
  const { status, retryAfterMs } = answer;
  const host = hostOf(ctx.options);
  const said = `${host} answered ${status}${reasonOf(answer, ctx)}`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (fitsAny(answer, request.temporary, values)) return tryLater('HTTP_NOT_NOW', `${said}.`, wait);
  if (fitsAny(answer, request.permanent, values)) {
    return giveUp('HTTP_REFUSED', `${said}.`, {
      where: request.path,
      hint: 'See what it says, put it right, then retry the step.',
    });
  }
  if (status === 429 || status === 425) return tryLater('HTTP_NOT_NOW', `${said}.`, wait);
  if (status >= 500 || status === 408) return tryLater('HTTP_UNAVAILABLE', `${said}.`, { ...wait, unknown: !isSafe(request) });
  if (status === 401 || status === 403) {
    return giveUp('HTTP_DENIED', `${said}: our credentials are refused.`, {
      where: request.path,
      hint: 'Check "auth" in handover.json and what the account may do on the other side, then retry the step.',
    });
  }
  if (isRedirect(answer)) {
    return giveUp('HTTP_REDIRECTED', `${said}, a redirect. Redirects are not followed.`, {
      where: request.path,
      hint: 'Correct "baseUrl" or "path"; if a redirect means success, say so by "expect": { "location": … }.',
    });
  }
  if (status >= 400) {
    return giveUp('HTTP_REFUSED', `${said}.`, {
      where: request.path,
      hint: `If ${status} means that it is there already, or that there is nothing to take back, say so by "alreadyDone" or "nothingThere". Then retry the step.`,
    });
  }
  return unexpected(answer, request, ctx, 'it is not what "expect" describes');
}

/** A success that does not look like one: a maintenance page, or another version of the other side. */
export function unexpected(answer: HttpResponse, request: RequestSettings, ctx: Context, why: string): StepError {
  const said = `${hostOf(ctx.options)} answered ${answer.status}${reasonOf(answer, ctx)}, but ${why}.`;
  return tryLater('HTTP_ANSWER_UNEXPECTED', said, {
    where: request.path,
    unknown: !isSafe(request),
    hint: 'If the other side has changed, correct "expect" or "keep" of this request; then retry the step.',
  });
}

/** The other side's own words, for staff, without what was told to it in confidence. */
function reasonOf(answer: HttpResponse, ctx: Context): string {
  const { reasonAt } = ctx.options;
  const found = reasonAt === undefined ? undefined : at(answer.json(), reasonAt);
  if (typeof found !== 'string' || found.trim() === '') return '';
  const text = confidential(ctx).reduce((words, secret) => words.replaceAll(secret, '[…]'), found.slice(0, 2000));
  return ` ("${text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 200)}")`;
}

function confidential({ options, order, learner }: Context): string[] {
  const people = [order.buyer, learner].flatMap(({ email, name, firstName, lastName, phone }) => [
    email,
    name,
    firstName,
    lastName,
    phone,
  ]);
  const secrets = [...Object.values(options.secrets ?? {}), ...secretsOf(options.auth)];
  return [...people, ...secrets].filter((text): text is string => text !== undefined && text.length > 1);
}

function secretsOf(auth: HttpOptions['auth']): (string | undefined)[] {
  switch (auth?.kind) {
    case 'bearer':
      return [auth.token];
    case 'basic':
      return [auth.password];
    case 'header':
      return [auth.value];
    case 'oauth':
      return [auth.clientSecret];
    case 'jwt':
      return [auth.key];
    default:
      return [];
  }
}
