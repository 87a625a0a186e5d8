import { StepError } from 'handover/contract';
import type { CheckContext, Finding } from 'handover/contract';
import { actionsIn } from './actions.ts';
import { accessToken } from './oauth.ts';
import type { HttpOptions } from './options.ts';

/**
 * Whether the other side is there and, with OAuth, gives us a token. No described request is sent: only the owner knows which
 * of them change something.
 */
export async function check(context: CheckContext<HttpOptions>): Promise<readonly Finding[]> {
  const { options, http, now } = context;
  const { host } = new URL(options.baseUrl);
  const ctx = { options, http, now, signal: AbortSignal.timeout(30_000) };
  return [
    ...(options.auth?.kind === 'oauth' ? [await find(accessToken(options.auth, ctx), `${host} gives an access token.`)] : []),
    await find(reach(context), `${host} answers. Its requests were not tried, since they may change something.`),
    ...context.used.flatMap(({ action, sku }) => (Object.hasOwn(actionsIn(options), action) ? [] : [unknownAction(action, sku)])),
  ];
}

async function reach({ options, http }: CheckContext<HttpOptions>): Promise<void> {
  await http.send({
    method: 'HEAD',
    url: options.baseUrl,
    timeoutMs: (options.timeoutSeconds ?? 10) * 1000,
    guard: { allowPrivate: options.allowPrivate ?? [] },
  });
}

async function find(work: Promise<unknown>, good: string): Promise<Finding> {
  try {
    await work;
    return { ok: true, message: good };
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return { ok: false, message: error.message, hint: error.hint ?? 'Check "baseUrl" and "auth" in handover.json.' };
  }
}

function unknownAction(action: string, sku: string): Finding {
  return {
    ok: false,
    message: `${sku}: there is no action "${action}".`,
    hint: 'Describe it under "actions", or correct the product file.',
  };
}
