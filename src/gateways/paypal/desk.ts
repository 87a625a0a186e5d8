import type { PaymentEvent } from '../../contract/event.ts';
import type { Reading } from '../../contract/gateway.ts';
import type { PaypalApi } from './api.ts';
import type { Notice } from './notice.ts';
import { environmentOf, type PaypalContext } from './options.ts';

/** What a reader has at hand. */
export interface Desk {
  readonly api: PaypalApi;
  readonly context: PaypalContext;
}

/** Turns a notice into facts, asking the API for the object it names. */
export type Reader = (notice: Notice, desk: Desk) => Promise<Reading>;

/** What every fact has. A sandbox has notices, certificates and ids of its own, so the environment says which money it was. */
export function factAt(at: string, { context }: Desk): Pick<PaymentEvent, 'gateway' | 'at' | 'mode'> {
  return { gateway: context.name, at, mode: environmentOf(context) === 'live' ? 'live' : 'test' };
}
