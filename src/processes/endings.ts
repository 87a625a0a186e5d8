import type { GrantEnding } from '../config/types.ts';
import type { FoundProduct } from './find-product.ts';

/** What becomes of a grant whose reason fell away, and how long after. */
export interface Ending {
  readonly then: 'revoke' | 'suspend' | 'keep' | 'task';
  readonly afterMs: number;
}

const defaults = { refunded: 'revoke', disputed: 'suspend', ended: 'suspend' } as const;

const dayMs = 86_400_000;

/** The grant's own word before the product's, before the site's, before the default: a refund revokes, the rest suspends. */
export function endingOf({ product, catalogue }: FoundProduct, grant: string, outcome: keyof typeof defaults): Ending {
  const own = Object.hasOwn(product.grants, grant) ? product.grants[grant]?.when?.[outcome] : undefined;
  return toEnding(own ?? product.outcomes[outcome]?.grants ?? catalogue.site.outcomes[outcome]?.grants ?? defaults[outcome]);
}

function toEnding(ending: GrantEnding): Ending {
  return typeof ending === 'string' ? { then: ending, afterMs: 0 } : { then: ending.then, afterMs: ending.afterDays * dayMs };
}
