import { HandoverError } from '../contract/errors.ts';

/** Something was typed that is no command, option or value: exit code 2, and nothing was done. */
export class UsageError extends HandoverError {
  constructor(code: string, message: string, hint?: string) {
    super(code, message, hint === undefined ? {} : { hint });
    this.name = 'UsageError';
  }
}
