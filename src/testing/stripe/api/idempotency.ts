import type { DoubleReply } from '../../double-server.ts';
import type { Call } from './call.ts';
import { ApiError, errorReply } from './errors.ts';

/** What was answered under each key. */
export interface Memory {
  /**
   * Does the work of a key once and answers the same ever after (https://docs.stripe.com/api/idempotent_requests). The key
   * with other parameters is an error. What was refused before anything was done is not remembered.
   */
  once(call: Call, work: () => DoubleReply): DoubleReply;
}

export function createMemory(): Memory {
  const known = new Map<string, { asked: string; reply: DoubleReply }>();
  return {
    once(call, work) {
      if (call.idempotencyKey === null) return work();
      const key = `${call.account ?? ''} ${call.idempotencyKey}`;
      const asked = `${call.path} ${JSON.stringify(call.body)}`;
      const echo = { 'idempotency-key': call.idempotencyKey };
      const earlier = known.get(key);
      if (earlier && earlier.asked !== asked) return errorReply(differs(call.idempotencyKey));
      if (earlier) return { ...earlier.reply, headers: { ...earlier.reply.headers, ...echo, 'idempotent-replayed': 'true' } };
      const reply = work();
      known.set(key, { asked, reply });
      return { ...reply, headers: { ...reply.headers, ...echo } };
    },
  };
}

function differs(key: string): ApiError {
  return new ApiError(
    400,
    `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    { type: 'idempotency_error' },
  );
}
