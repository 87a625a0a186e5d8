import type { PaymentEvent } from '../../contract/event.ts';
import type { Reading } from '../../contract/gateway.ts';
import type { StripeApi } from './api.ts';
import type { Fields } from './fields.ts';
import type { Notice } from './notice.ts';
import type { StripeOptions } from './options.ts';

export { told } from '../told.ts';

/** What a reader has at hand. */
export interface Desk {
  readonly api: StripeApi;
  readonly options: StripeOptions;
  /** The gateway's name in the configuration. */
  readonly gateway: string;
}

/** Turns the object of a notice into facts. */
export type Reader = (object: Fields, notice: Notice, desk: Desk) => Promise<Reading> | Reading;

/** What every fact of a notice has. */
export function factOf(
  { atMs, mode, account }: Notice,
  { gateway, options }: Desk,
): Pick<PaymentEvent, 'gateway' | 'at' | 'mode' | 'receiver'> {
  const receiver = account ?? options.account;
  return { gateway, at: new Date(atMs).toISOString(), mode, ...(receiver !== undefined && { receiver }) };
}
