import type { ActionContext, Connector } from '../../../contract/connector.ts';
import type { FaultQueue } from '../../double-faults.ts';
import type { DoubleReply } from '../../double-reply.ts';

/** A connector to test, with the action to do it with. */
export interface ConnectorSuite {
  readonly name: string;
  readonly connector: Connector<never>;
  /** Without the connector's name: `enrol`. */
  readonly action: string;
  /** Where the options make the action: any options that make it, to know what it can do. */
  readonly options?: unknown;
  /** A fresh other side each time, and the connector set up for it. */
  open(): Promise<ConnectorUnderTest>;
}

/** One double, as the suite sees it. Put somebody else's access into its books: it has to survive everything. */
export interface ConnectorUnderTest {
  readonly options: unknown;
  /** `with` of a product file. */
  readonly input: Readonly<Record<string, unknown>>;
  /** What stands at the other side and a `revoke` takes away: seats, memberships, valid keys. Read from the double's books. */
  effects(): unknown;
  /** What stays after a `revoke`: accounts, mails that went out. It must not come twice either. */
  traces?(): unknown;
  /** All secrets so far: credentials, tokens, passwords, keys. They may stand in no log and no error. */
  secrets(): readonly string[];
  readonly faults: FaultQueue;
  /** Parts of the context that this test has its own of, where they are the other side: a shelf of files, people. */
  readonly given?: Partial<Pick<ActionContext, 'keys' | 'files' | 'activations' | 'tasks'>>;
  /** The clock of both sides. @default the machine's */
  readonly now?: () => Date;
  /** How the other side says "not now" with HTTP 200, where it does. */
  readonly failure?: DoubleReply;
  /**
   * `status`: the other side promises nothing about the body of an answer to a `revoke`, so any body with a success status
   * counts as done. @default 'body'
   */
  readonly revokeIsToldBy?: 'body' | 'status';
  /** The same for the grant. @default 'body' */
  readonly grantIsToldBy?: 'body' | 'status';
  /** Set-ups that `check` has to find fault with: a bad token, a missing right, an unknown course. */
  readonly wrong: readonly WrongSetup[];
  close(): Promise<void>;
}

/** Replaces its part of the right set-up, or changes the other side. */
export interface WrongSetup {
  readonly name: string;
  readonly options?: unknown;
  readonly input?: Readonly<Record<string, unknown>>;
  prepare?(): void;
}

export interface ConnectorTest {
  /** A sentence about the connector. */
  readonly name: string;
  run(): Promise<void>;
}
