import { jsonReply, type DoubleReply } from '../../double-server.ts';

export interface Issue {
  issue: string;
  field?: string;
  description: string;
}

/** Ends a request with an error as PayPal writes it (https://developer.paypal.com/api/rest/responses/). */
export class ApiError extends Error {
  readonly status: number;
  readonly details: readonly Issue[];

  constructor(status: number, name: string, details: readonly Issue[] = []) {
    super(name);
    this.status = status;
    this.details = details;
  }
}

export function issue(name: string, field?: string): Issue {
  return { issue: name, ...(field !== undefined && { field }), description: `${name.toLowerCase().replaceAll('_', ' ')}.` };
}

export function unprocessable(name: string, field?: string): ApiError {
  return new ApiError(422, 'UNPROCESSABLE_ENTITY', [issue(name, field)]);
}

export function invalid(name: string, field?: string): ApiError {
  return new ApiError(400, 'INVALID_REQUEST', [issue(name, field)]);
}

export function unknownResource(): ApiError {
  return new ApiError(404, 'RESOURCE_NOT_FOUND', [issue('INVALID_RESOURCE_ID')]);
}

export function errorReply({ status, message, details }: ApiError): DoubleReply {
  return jsonReply(
    { name: message, message: 'The request was not carried out.', debug_id: 'd0ub1e', details, links: [] },
    status,
  );
}
