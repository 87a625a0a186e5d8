import { giveUp } from 'handover/contract';
import type { ActionContext, HttpRequest, HttpResponse } from 'handover/contract';
import { authHeaders } from './auth.ts';
import { bodyOf } from './body.ts';
import type { Cookies } from './cookies.ts';
import { fillAddress, fillFields, fillHeader } from './fill.ts';
import type { Values } from './names.ts';
import { dropToken } from './oauth.ts';
import { methodOf } from './options.ts';
import type { HttpOptions, RequestSettings } from './options.ts';

export type Context = ActionContext<HttpOptions>;

/** Sends one request. A refused access token is renewed once: a request that was refused for it did nothing. */
export async function send(request: RequestSettings, values: Values, cookies: Cookies, ctx: Context): Promise<HttpResponse> {
  const { options } = ctx;
  const prepared = prepare(request, values, options);
  const attempt = async (): Promise<{ answer: HttpResponse; used: string | undefined }> => {
    const proof = await authHeaders(ctx, values);
    const cookie = options.cookies === true ? cookies.header() : undefined;
    const headers = { ...prepared.headers, ...(cookie !== undefined && { Cookie: cookie }), ...proof };
    const answer = await ctx.http.send({ ...prepared, headers, signal: ctx.signal });
    return { answer, used: proof['Authorization'] };
  };
  const first = await attempt();
  const isStale = first.answer.status === 401 && options.auth?.kind === 'oauth';
  if (isStale) await dropToken(options, first.used);
  const { answer } = isStale ? await attempt() : first;
  if (options.cookies === true) cookies.read(answer.headers['set-cookie']);
  return answer;
}

function prepare(request: RequestSettings, values: Values, options: HttpOptions): HttpRequest {
  const { baseUrl, headers = {}, charset = 'utf-8', timeoutSeconds = 10, allowPrivate = [] } = options;
  const url = fillAddress(baseUrl, request.path, values);
  for (const [name, value] of fillFields(request.query ?? {}, values)) url.searchParams.append(name, value);
  const body = bodyOf(request, values, charset);
  return {
    ...body,
    method: methodOf(request),
    url: url.href,
    headers: { ...body.headers, ...headersOf(headers, values), ...headersOf(request.headers ?? {}, values) },
    charset,
    timeoutMs: timeoutSeconds * 1000,
    guard: { allowPrivate },
  };
}

function headersOf(headers: Readonly<Record<string, string>>, values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, text]) => {
      const value = fillHeader(name, text, values);
      return value === '' ? [] : [[name, value]];
    }),
  );
}

/** Where answers come from, for messages: never with path or query, which may carry keys and personal data. */
export function hostOf({ baseUrl }: HttpOptions): string {
  if (URL.canParse(baseUrl)) return new URL(baseUrl).host;
  throw giveUp('HTTP_PATH_REFUSED', '"baseUrl" is no web address.', {
    hint: 'Correct it in handover.json, then retry the step.',
  });
}
