import { fault, type Fault } from '../../double-faults.ts';
import type { ConnectorUnderTest } from './terms.ts';

export interface Trouble {
  readonly name: string;
  make(test: ConnectorUnderTest, elsewhere: string): Fault | undefined;
  /** A later attempt can do it without a person. Otherwise a person may have to retry, but then it is done. */
  readonly passes: boolean;
  /** Only who reads the body can tell that nothing was done. */
  readonly isInBody?: boolean;
  /** The attempt is cut off by its signal. */
  readonly hangs?: boolean;
  /** How long the other side asks to wait, at least and at most. */
  readonly retryAfterMs?: readonly [least: number, most: number];
}

/** One way for a request to go wrong after another. */
export const troubles: readonly Trouble[] = [
  { name: 'a request that is cut before it is applied', passes: true, make: () => fault.drop() },
  { name: 'an answer that is cut after the request was applied', passes: true, make: () => fault.commitThenDrop() },
  { name: 'a time-out after the request was applied', passes: true, hangs: true, make: () => fault.commitThenHang() },
  { name: 'a server error after the request was applied', passes: true, make: () => fault.commitThen500() },
  ...[500, 502, 503, 504].map((status) => ({ name: `status ${status}`, passes: true, make: () => fault.status(status) })),
  {
    name: 'status 429 with Retry-After in seconds',
    passes: true,
    retryAfterMs: [7000, 7000],
    make: () => fault.status(429, { retryAfter: 7 }),
  },
  {
    name: 'status 429 with Retry-After as a date',
    passes: true,
    retryAfterMs: [1, 90_000],
    make: () => fault.status(429, { retryAfter: new Date(Date.now() + 90_000) }),
  },
  {
    name: 'status 200 with a failure in the body',
    passes: true,
    isInBody: true,
    make: ({ failure }) => failure && fault.reply(failure),
  },
  { name: 'a slow answer', passes: true, make: () => fault.delay(60) },
  { name: 'an answer byte by byte', passes: true, make: () => fault.drip({ byteEveryMs: 0 }) },
  { name: 'a page where the answer should be', passes: false, isInBody: true, make: () => fault.html() },
  { name: 'garbage', passes: false, isInBody: true, make: () => fault.garbage() },
  { name: 'half an answer', passes: false, make: () => fault.truncatedJson() },
  { name: 'an answer of six megabytes', passes: false, make: () => fault.huge() },
  { name: 'a redirect to elsewhere', passes: false, make: (_, elsewhere) => fault.redirect(elsewhere, 302) },
  {
    name: 'a redirect to elsewhere that keeps the request',
    passes: false,
    make: (_, elsewhere) => fault.redirect(elsewhere, 307),
  },
];
