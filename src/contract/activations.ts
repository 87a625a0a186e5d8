/** Keys that software asks us about. Sealed nowhere and kept as fingerprints only. */
export interface ActivationDesk {
  /**
   * From now on software may ask about the key. Again changes the terms. `revoked`: the key was taken back before, so it must
   * not be given out again.
   */
  register(key: string, terms: ActivationTerms): Promise<'registered' | 'revoked'>;
  /** Software is told `revoked` from now on, and the key stands in the public list. A key that was never registered too. */
  revoke(key: string): Promise<void>;
}

export interface ActivationTerms {
  /** What the software calls itself when it asks. */
  readonly product: string;
  /** Machines at a time. Undefined: the key can be looked up, but no machine can be activated by it. */
  readonly devices?: number;
  /** The last day it is good for, UTC: `2027-05-01`. Undefined: it does not expire. */
  readonly expires?: string;
}
