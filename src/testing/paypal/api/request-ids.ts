import type { DoubleReply, DoubleRequest } from '../../double-server.ts';
import { invalid } from './errors.ts';

/**
 * Remembers what was done under each `PayPal-Request-Id`: a repetition changes nothing and is answered 200 with the latest state
 * (https://developer.paypal.com/reference/guidelines/idempotency/). The id with another request is refused.
 */
export interface RequestIds {
  once(request: DoubleRequest, work: () => DoubleReply): DoubleReply;
}

/** `latest` gives an answer as it would be now. */
export function createRequestIds(latest: (reply: DoubleReply) => DoubleReply): RequestIds {
  const known = new Map<string, { readonly asked: string; readonly reply: DoubleReply }>();
  return {
    once(request, work) {
      const id = request.headers['paypal-request-id'];
      if (typeof id !== 'string') return work();
      if (id.length < 1 || id.length > 108) throw invalid('INVALID_STRING_LENGTH', 'PayPal-Request-Id');
      const asked = `${request.method} ${request.path} ${request.text}`;
      const earlier = known.get(id);
      if (earlier && earlier.asked !== asked) throw invalid('PAYPAL_REQUEST_ID_PREVIOUSLY_USED');
      if (earlier) return { ...latest(earlier.reply), status: 200 };
      const reply = work();
      known.set(id, { asked, reply });
      return reply;
    },
  };
}
