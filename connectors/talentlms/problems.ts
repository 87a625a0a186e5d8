import { giveUp, type HttpResponse, isRow, StepError, textOf, tryLater } from 'handover/contract';
import type { Settings } from './options.ts';

/** What was asked for, in words that complete "… did not answer / refused to …". */
export interface Asked {
  /** For example `enrol user 612 in course 17`. Without mail addresses: it stands in error messages. */
  readonly what: string;
  /** Whether the call changes something, so that losing its answer leaves the outcome unknown. */
  readonly writes: boolean;
}

/** How long to wait where the answer does not say: the burst limit counts 5 seconds, the other one an hour. */
const waits = { burstMs: 5_000, hourMs: 600_000 };

/** What a status other than success means; undefined for success. The words of the answer may hold addresses and are left out. */
export function problemOfStatus(response: HttpResponse, { what, writes }: Asked): StepError | undefined {
  const { status, headers, retryAfterMs } = response;
  if (status >= 200 && status < 300) return undefined;
  const told = `TalentLMS answered ${status}${kindOf(response.json())} when asked to ${what}.`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status >= 300 && status < 400) {
    return giveUp('TALENTLMS_REDIRECTED', told, {
      hint: 'Correct "baseUrl": it must be the address that answers, not one that leads to it, since the key would travel along.',
    });
  }
  if (status === 429) {
    const usualMs = headers['x-ratelimit-remaining'] === '0' ? waits.hourMs : waits.burstMs;
    return tryLater('TALENTLMS_BUSY', told, { retryAfterMs: retryAfterMs ?? usualMs });
  }
  if (status === 408 || status === 503) return tryLater('TALENTLMS_BUSY', told, { ...wait, unknown: writes, down: true });
  if (status >= 500) return tryLater('TALENTLMS_SERVER_ERROR', told, { ...wait, unknown: writes, down: true });
  if (status === 401) {
    return giveUp('TALENTLMS_KEY_REFUSED', told, {
      hint: 'Copy the key from Account & Settings > Integrations > API into what "apiKey" names; a new key ends the old one.',
    });
  }
  if (status === 403) {
    return giveUp('TALENTLMS_API_OFF', told, {
      hint: 'Enable the API under Account & Settings > Integrations > API, and see that the portal is active.',
    });
  }
  if (status === 404)
    return giveUp('TALENTLMS_NOT_FOUND', told, { hint: 'What is asked for is not there, or "baseUrl" is not the portal.' });
  return giveUp('TALENTLMS_REFUSED', told, { hint: 'Look in TalentLMS for what stands against it, then retry the step.' });
}

/** A success that holds an `error` is none. */
export function failureInside(body: unknown, { what, writes }: Asked): StepError | undefined {
  if (!isRow(body) || body['error'] === undefined || body['error'] === null) return undefined;
  return tryLater('TALENTLMS_ERROR', `TalentLMS answered with an error${kindOf(body)} when asked to ${what}.`, {
    unknown: writes,
  });
}

/** The type of an error, which is a name of theirs; its message may tell who it is about. */
function kindOf(body: unknown): string {
  const error = isRow(body) ? body['error'] : undefined;
  const type = isRow(error) ? textOf(error['type']) : '';
  return /^[\w. -]{1,60}$/.test(type) ? ` (${type})` : '';
}

/** An answer that is not what the call promises: a page of a proxy, a cut-off body. */
export function unreadable({ what, writes }: Asked, { headers }: HttpResponse, wanted: string): StepError {
  const kind = headers['content-type'] ?? 'no content type';
  return tryLater(
    'TALENTLMS_UNREADABLE',
    `TalentLMS answered with something else than ${wanted} (${kind}) when asked to ${what}.`,
    {
      unknown: writes,
      hint: 'If this stays, "baseUrl" is not the portal, or "apiVersion" names a version with other answers.',
    },
  );
}

/** The first error is not kept as cause: it may hold the request, and the request holds the key. */
export function noAnswer(error: unknown, { what, writes }: Asked, { baseUrl }: Settings): StepError {
  const { host } = new URL(baseUrl);
  if (error instanceof StepError && error.code === 'NOT_SENT') {
    return tryLater('TALENTLMS_NOT_REACHED', `TalentLMS at ${host} could not be reached to ${what}.`, {
      hint: 'Nothing was sent. If this stays, check the host in "baseUrl".',
      down: true,
    });
  }
  return tryLater('TALENTLMS_NO_ANSWER', `TalentLMS at ${host} gave no answer when asked to ${what}.`, {
    unknown: writes,
    down: true,
  });
}

export function unsafeAddress(): StepError {
  return giveUp('TALENTLMS_BASE_URL', 'The base URL of TalentLMS is not an https address.', {
    hint: 'Correct "baseUrl": the key must not travel in the open.',
  });
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof StepError && codes.includes(error.code);
}
