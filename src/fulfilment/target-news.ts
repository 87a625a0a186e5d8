import { StepError } from '../contract/errors.ts';
import type { HttpClient, HttpResponse } from '../contract/http.ts';
import type { TargetNews } from './breaker.ts';

/** Listens to what an attempt hears from the other side. */
export interface TargetWatch {
  /** To be handed to the action. */
  readonly http: HttpClient;
  /** The other side was asked something. */
  hasCalled(): boolean;
  /** What the attempt told about the other side, by how it ended. Undefined: nothing. */
  news(failure: StepError | undefined): TargetNews | undefined;
}

/** What `run-step` says of an attempt that took longer than its limit. */
const lateCode = 'ACTION_TIMED_OUT';

export function watchTarget(http: HttpClient): TargetWatch {
  let begun = 0;
  let last: TargetNews | undefined;
  return {
    http: {
      async send(request) {
        begun += 1;
        try {
          const answer = await http.send(request);
          last = newsOf(answer);
          return answer;
        } catch (error) {
          const code = error instanceof StepError ? error.code : '';
          last = code === 'NOT_SENT' || code === 'NO_ANSWER' ? { kind: 'down', seen: true } : undefined;
          throw error;
        }
      },
    },
    hasCalled: () => begun > 0,
    news(failure) {
      if (!failure) return { kind: 'answers', seen: begun > 0 };
      if (last && last.kind !== 'answers') return last;
      if (failure.down || failure.code === lateCode) return { kind: 'down', seen: begun > 0 };
      return last;
    },
  };
}

function newsOf({ status, retryAfterMs }: HttpResponse): TargetNews | undefined {
  if (status === 429) return retryAfterMs === undefined ? undefined : { kind: 'pause', retryAfterMs };
  if (status < 500 && status !== 408) return { kind: 'answers', seen: true };
  return { kind: 'down', seen: true, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
