import { StepError, tryLater } from 'handover/contract';
import type { ActionContext } from 'handover/contract';
import { call, failure, isSuccess } from './call.ts';
import type { KeyRequest } from './key-request.ts';
import { callSettings } from './options.ts';
import type { SourceSettings } from './options.ts';
import { fillFields, fillTexts } from './template.ts';

const defaultBody = { key: '{{key}}', serial: '{{serial}}', order: '{{order.number}}', sku: '{{product.sku}}' };

/**
 * Tells the owner's address that a key no longer counts, where there is one. Whether that stops the package is up to what
 * stands there. 404 and 410 are success: no such key any more. Revoking twice changes nothing, so no outcome is unknown here.
 */
export async function callRevokeHook(
  settings: SourceSettings,
  request: KeyRequest & { readonly key: string },
  ctx: ActionContext,
): Promise<void> {
  const { revokeUrl, revokeBody = defaultBody, bodyEncoding } = settings;
  if (revokeUrl === undefined) return;
  const shared = callSettings(settings);
  const fields = bodyEncoding === 'form' ? { form: fillTexts(revokeBody, request) } : { json: fillFields(revokeBody, request) };
  const headers = { ...shared.headers, 'Idempotency-Key': ctx.stepKey };
  try {
    const answer = await call({ ...shared, ...fields, headers, method: 'POST', url: revokeUrl }, ctx);
    if (!isSuccess(answer) && answer.status !== 404 && answer.status !== 410) throw failure(answer, revokeUrl);
  } catch (error) {
    if (!(error instanceof StepError) || !error.unknown) throw error;
    const { code, message, retryAfterMs } = error;
    throw tryLater(code, message, { cause: error, ...(retryAfterMs !== undefined && { retryAfterMs }) });
  }
}
