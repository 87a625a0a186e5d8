import { StepError } from 'handover/contract';
import type { HttpResponse } from 'handover/contract';
import { signToken } from './auth.ts';
import { Cookies } from './cookies.ts';
import { failureOf, unexpected } from './failure.ts';
import { pick } from './keep.ts';
import { valuesFor, type Values } from './names.ts';
import { isSafe, listOf } from './options.ts';
import type { Phase, Plain, Requests, RequestSettings } from './options.ts';
import { send, type Context } from './send.ts';
import { fits, fitsAny } from './sign.ts';

type Kept = Readonly<Record<string, Plain>>;
type Input = Readonly<Record<string, unknown>>;

/** How a sequence went. `nothing`: the other side has nothing of the kind. */
export interface Course {
  readonly kept: Kept;
  readonly end: 'done' | 'alreadyDone' | 'nothing';
}

/** What is remembered of a sequence: how many of its requests need not be sent again, and what they gave. */
interface Memo {
  readonly done: number;
  readonly kept: Kept;
}

/**
 * Sends the requests of a phase one after the other, each with what the earlier ones gave. What changed something is not sent
 * again by a later attempt: it is remembered before the next request goes out.
 */
export async function runRequests(
  phase: Phase,
  requests: Requests | undefined,
  before: Kept,
  input: Input,
  ctx: Context,
): Promise<Course> {
  const list = listOf(requests);
  const known = phase === 'find' || phase === 'link' ? undefined : (ctx.memo as Memo | undefined);
  const cookies = new Cookies();
  let kept: Kept = { ...before, ...known?.kept };
  let end: Course['end'] = 'done';
  for (const [index, request] of list.entries()) {
    const isDone = index < (known?.done ?? 0) && !isSafe(request);
    if (isDone || !isWanted(request, kept)) continue;
    const values = valuesIn(ctx, input, kept);
    const answer = await sendOnce(request, values, cookies, ctx);
    const verdict = judge(answer, request, phase, values, ctx);
    if (verdict.end === 'nothing' && phase !== 'grant' && phase !== 'renew') return { kept, end: 'nothing' };
    if (verdict.end === 'alreadyDone') end = 'alreadyDone';
    kept = { ...kept, ...verdict.kept };
    if (!isSafe(request) && index < list.length - 1 && phase !== 'find' && phase !== 'link') {
      const memo: Memo = { done: index + 1, kept };
      await ctx.remember({ ...memo });
    }
  }
  return { kept, end };
}

export function valuesIn(ctx: Context, input: Input, kept: Kept): Values {
  const { auth } = ctx.options;
  const plain = valuesFor({ ctx, input, kept });
  return auth?.kind === 'jwt' ? valuesFor({ ctx, input, kept, jwt: () => signToken(auth, ctx, plain) }) : plain;
}

function isWanted(request: RequestSettings, kept: Kept): boolean {
  const has = (name: string): boolean => Object.hasOwn(kept, name);
  return (request.if === undefined || has(request.if)) && (request.unless === undefined || !has(request.unless));
}

/** What only looks leaves nothing behind, so no outcome of it is unknown. */
async function sendOnce(request: RequestSettings, values: Values, cookies: Cookies, ctx: Context): Promise<HttpResponse> {
  try {
    return await send(request, values, cookies, ctx);
  } catch (error) {
    if (!(error instanceof StepError) || !error.unknown || !isSafe(request)) throw error;
    const { retry, code, message, hint, where, retryAfterMs } = error;
    throw new StepError(retry, code, message, {
      ...(hint !== undefined && { hint }),
      ...(where !== undefined && { where }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      cause: error,
    });
  }
}

function judge(answer: HttpResponse, request: RequestSettings, phase: Phase, values: Values, ctx: Context): Course {
  if (fitsAny(answer, request.alreadyDone, values)) return { end: 'alreadyDone', kept: keepWhatIsThere(answer, request, values) };
  const missing = request.nothingThere ?? (phase === 'find' ? [404, 410] : undefined);
  if (fitsAny(answer, missing, values)) return { end: 'nothing', kept: {} };
  const isRuledOut = fitsAny(answer, request.temporary, values) || fitsAny(answer, request.permanent, values);
  if (isRuledOut || !fits(answer, request.expect ?? {}, values, isSuccess)) throw failureOf(answer, request, values, ctx);
  return keep(answer, request, values, ctx);
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function keep(answer: HttpResponse, request: RequestSettings, values: Values, ctx: Context): Course {
  const kept: Record<string, Plain> = {};
  for (const [name, place] of Object.entries(request.keep ?? {})) {
    const found = pick(answer, place, values);
    if (found.kind === 'value') kept[name] = found.value;
    if (found.kind === 'nothing') return { end: 'nothing', kept };
    if (found.kind === 'unreadable' && !(typeof place === 'object' && place.optional === true)) {
      throw unexpected(answer, request, ctx, `"${name}" cannot be kept: ${found.why}`);
    }
  }
  return { end: 'done', kept };
}

function keepWhatIsThere(answer: HttpResponse, request: RequestSettings, values: Values): Kept {
  const found = Object.entries(request.keep ?? {}).map(([name, place]) => [name, pick(answer, place, values)] as const);
  return Object.fromEntries(found.flatMap(([name, one]) => (one.kind === 'value' ? [[name, one.value]] : [])));
}
