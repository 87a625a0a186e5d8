import type { PaymentEvent } from '../../../contract/event.ts';
import type { Gateway, GatewayContext, Reply } from '../../../contract/gateway.ts';
import type { HttpClient } from '../../../contract/http.ts';

/** A callback as it is sent. */
export interface SentCallback {
  /** @default 'POST' */
  readonly method?: string;
  /** Path and query below the mount. @default '/callbacks/<gateway>' */
  readonly url?: string;
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string | Uint8Array;
}

/** Where a callback's proof stands: in headers over the whole body, or in fields of a form over other fields of it. */
export type ProofPlace =
  { readonly headers: readonly string[] } | { readonly fields: readonly string[]; readonly signed: readonly string[] };

/** A gateway, and all that is needed to try it out from outside. */
export interface GatewayUnderTest<Options> {
  readonly gateway: Gateway<Options>;
  /** Checked options, secrets in place. A function is asked at each test. */
  readonly options: Options | (() => Options);
  /** A genuine callback about a completed payment, signed now: the same payment and the same delivery each time. */
  readonly genuine: () => SentCallback | Promise<SentCallback>;
  readonly proof: ProofPlace;
  /** A callback with another body, signed as the gateway would, at another time or with another account's secret. */
  readonly resign?: (
    body: string | Uint8Array,
    how?: { readonly at?: Date; readonly secret?: string },
  ) => SentCallback | Promise<SentCallback>;
  /** Options of another account of the same gateway. The genuine callback proves nothing there. */
  readonly otherAccount?: Options | (() => Options);
  /** How far a signed time stamp may be off. Undefined: this gateway signs none. */
  readonly toleranceSeconds?: number;
  /** Another genuine delivery about the very same payment. */
  readonly again?: () => SentCallback | Promise<SentCallback>;
  /** A genuine callback of a type that means nothing to us. */
  readonly unknownType?: () => SentCallback | Promise<SentCallback>;
  /** What the gateway wants to hear. Left out: what Handover says by itself, 200 or 400. */
  readonly replies?: { readonly accepted?: Reply; readonly ignored?: Reply; readonly refused?: Reply };
  /** What `read` gives, beside what every gateway has to give. */
  readonly expected?: Partial<PaymentEvent>;
  /** The name in the configuration. @default the gateway's own */
  readonly name?: string;
  /** What the site takes. @default 'live' */
  readonly mode?: 'live' | 'test';
  /** @default the machine's clock */
  readonly now?: () => Date;
  /** For `read`. */
  readonly http?: HttpClient;
  /** For `verify`, where the proof itself has to be fetched. @default one that refuses */
  readonly proofHttp?: HttpClient;
  /** What the product files say of a SKU. @default nothing is sold */
  readonly offer?: GatewayContext<Options>['offer'];
}
