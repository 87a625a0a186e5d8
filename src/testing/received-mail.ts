import type { Email } from 'postal-mime';

/** A mail as the server received it. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly receivedAt: Date;
  readonly parsed: Email;
  /** As sent, headers included. */
  readonly raw: string;
}
