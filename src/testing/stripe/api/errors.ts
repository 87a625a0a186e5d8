import type { DoubleReply } from '../../double-server.ts';

/** Ends a request with an error as Stripe writes it (https://docs.stripe.com/api/errors). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly param: string | undefined;
  readonly type: string;

  constructor(status: number, message: string, about: { code?: string; param?: string; type?: string } = {}) {
    super(message);
    this.status = status;
    this.code = about.code;
    this.param = about.param;
    this.type = about.type ?? 'invalid_request_error';
  }
}

export function missing(kind: string, id: string, param: string, status = 404): ApiError {
  return new ApiError(status, `No such ${kind}: '${id}'`, { code: 'resource_missing', param });
}

export function invalid(param: string, message: string, code = 'parameter_invalid'): ApiError {
  return new ApiError(400, message, { code, param });
}

export function required(param: string): ApiError {
  return invalid(param, `Missing required param: ${param}.`, 'parameter_missing');
}

export function errorReply(error: ApiError): DoubleReply {
  return jsonAnswer(error.status, {
    error: {
      ...(error.code === undefined
        ? {}
        : { code: error.code, doc_url: `https://stripe.com/docs/error-codes/${error.code.replaceAll('_', '-')}` }),
      message: error.message,
      ...(error.param === undefined ? {} : { param: error.param }),
      type: error.type,
    },
  });
}

/** Stripe's JSON is indented. */
export function jsonAnswer(status: number, value: unknown): DoubleReply {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value, null, 2)}\n` };
}
