import { HandoverError } from '../contract/errors.ts';

/** A question that cannot be answered as it was asked: with the status its sender gets. */
export class ActivationError extends HandoverError {
  readonly status: number;

  constructor(status: number, code: string, message: string, hint?: string) {
    super(code, message, hint === undefined ? {} : { hint });
    this.status = status;
  }
}
