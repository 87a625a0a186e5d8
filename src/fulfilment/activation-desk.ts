import type { ActivationDesk } from '../contract/activations.ts';
import type { Store } from '../storage/store.ts';
import { markOf, tidyKey } from './key-mark.ts';

/** Keys that software asks about: the store knows their fingerprints only. */
export function createActivationDesk(
  grantId: string,
  parts: {
    readonly store: Pick<Store, 'registerKey' | 'revokeRegisteredKey'>;
    readonly sealer: { fingerprint(text: string): string };
  },
): ActivationDesk {
  const named = (key: string) => ({ fingerprint: parts.sealer.fingerprint(tidyKey(key)), mark: markOf(key), grantId });
  return {
    register: (key, { product, devices = 0, expires }) =>
      parts.store.registerKey({ ...named(key), product, devices, ...(expires !== undefined && { expires }) }),
    revoke: (key) => parts.store.revokeRegisteredKey(named(key)),
  };
}
