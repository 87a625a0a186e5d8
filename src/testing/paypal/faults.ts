import { fault, type DoubleReply, type DoubleRequest, type Fault } from '../double-server.ts';
import { ApiError, errorReply, issue } from './api/errors.ts';

const prepared = new WeakMap<DoubleRequest, DoubleReply>();

export type PaypalAnswers = (request: DoubleRequest) => DoubleReply;

/** An API that answers what a fault has prepared for a request, and does nothing then. */
export function answeredBy(api: PaypalAnswers): PaypalAnswers {
  return (request) => prepared.get(request) ?? api(request);
}

/** What only PayPal does wrong. The rest is in `fault`. */
export const paypalFault = {
  /** Refuses with an error in PayPal's own JSON and does nothing: `error(422, 'UNPROCESSABLE_ENTITY', 'INSTRUMENT_DECLINED')`. */
  error(status: number, name: string, detail?: string): Fault {
    const reply = errorReply(new ApiError(status, name, detail === undefined ? [] : [issue(detail)]));
    return fault.first((request) => void prepared.set(request, reply));
  },
};
