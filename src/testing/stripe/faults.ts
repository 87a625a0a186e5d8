import { fault, type DoubleReply, type DoubleRequest, type Fault } from '../double-server.ts';
import { ApiError, errorReply } from './api/errors.ts';

const prepared = new WeakMap<DoubleRequest, DoubleReply>();

export type Answers = (request: DoubleRequest) => DoubleReply;

/** An API that answers what a fault has prepared for a request, and does nothing then. */
export function answeredBy(api: Answers): Answers {
  return (request) => prepared.get(request) ?? api(request);
}

/** What only Stripe does wrong. The rest is in `fault`. */
export const stripeFault = {
  /** Refuses with an error in Stripe's own JSON and does nothing: `error(429, { code: 'rate_limit', retryAfter: 2 })`. */
  error(status: number, about: { code?: string; message?: string; type?: string; retryAfter?: number } = {}): Fault {
    const { message = `Status ${status}`, retryAfter, ...rest } = about;
    const type = rest.type ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
    const reply = errorReply(new ApiError(status, message, { ...rest, type }));
    const headers = retryAfter === undefined ? reply.headers : { ...reply.headers, 'retry-after': String(retryAfter) };
    return fault.first((request) => void prepared.set(request, { ...reply, headers }));
  },
};
