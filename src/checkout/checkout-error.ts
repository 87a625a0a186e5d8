import { HandoverError } from '../contract/errors.ts';

/** Why a payment was not begun, in words for the buyer, with the HTTP status the caller gets. */
export class CheckoutError extends HandoverError {
  readonly status: number;

  constructor(status: number, code: string, message: string, cause?: unknown) {
    super(code, message, cause === undefined ? {} : { cause });
    this.name = 'CheckoutError';
    this.status = status;
  }
}
