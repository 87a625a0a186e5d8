import { giveUp, StepError } from 'handover/contract';
import type { ActionContext, HttpRequest, HttpResponse } from 'handover/contract';
import { call, failure, isSuccess, isUnsure, perhapsIssued } from './call.ts';
import { findKey } from './find-key.ts';
import type { KeyRequest } from './key-request.ts';
import { callSettings, isBlind } from './options.ts';
import type { FastspringSettings, HttpSettings, SourceSettings } from './options.ts';
import { soldOut } from './sold-out.ts';
import { fillFields, fillTexts } from './template.ts';

const defaultBody = {
  order: '{{order.number}}',
  sku: '{{product.sku}}',
  seats: '{{seats}}',
  step: '{{stepKey}}',
  unit: '{{unit}}',
};

/**
 * Asks an address for a key. The idempotency header is the same on every attempt. A source that does not look at it is
 * `blind`: when its answer is lost, nothing is repeated, and the key it may have made is named a possible orphan.
 */
export function askForKey(settings: HttpSettings, request: KeyRequest, ctx: ActionContext): Promise<string> {
  return takeKey(settings, request, toRequest(settings, request), ctx);
}

/** Sends a request that is answered with a key. */
export async function takeKey(
  settings: HttpSettings | FastspringSettings,
  request: KeyRequest,
  sent: HttpRequest,
  ctx: ActionContext,
): Promise<string> {
  const answer = await send(settings, request, sent, ctx);
  if (answer.status === 409) throw soldOut(`The key source of "${request.source}" answered 409.`);
  if (!isSuccess(answer)) {
    if (isBlind(settings) && isUnsure(answer)) throw perhapsIssued(request.serial, `The key source answered ${answer.status}.`);
    throw failure(answer, settings.url);
  }
  const found = findKey(answer.text, settings.answer);
  if (found.kind === 'key') return found.key;
  if (found.kind === 'empty') throw soldOut(`The key source of "${request.source}" answered without a key.`);
  const why = `The key source's answer cannot be read: ${found.why}.`;
  if (isBlind(settings)) throw perhapsIssued(request.serial, why);
  throw giveUp('KEY_ANSWER_UNREADABLE', why, {
    hint: 'Correct "answer" of the source, then retry the step: the source gives the same key.',
  });
}

async function send(settings: SourceSettings, request: KeyRequest, sent: HttpRequest, ctx: ActionContext): Promise<HttpResponse> {
  try {
    return await call(sent, ctx);
  } catch (error) {
    const isCertain = error instanceof StepError && !error.unknown;
    if (isCertain || !isBlind(settings)) throw error;
    throw perhapsIssued(request.serial, 'The key source did not answer.', error);
  }
}

function toRequest(settings: HttpSettings, request: KeyRequest): HttpRequest {
  const { method = 'POST', query, body = defaultBody, bodyEncoding, idempotencyHeader = 'Idempotency-Key' } = settings;
  const shared = callSettings(settings);
  return {
    ...shared,
    method,
    url: settings.url,
    headers: { ...shared.headers, [idempotencyHeader]: `${request.stepKey}/${request.unit}` },
    ...(query && { query: fillTexts(query, request) }),
    ...(method === 'POST' &&
      (bodyEncoding === 'form' ? { form: fillTexts(body, request) } : { json: fillFields(body, request) })),
  };
}
