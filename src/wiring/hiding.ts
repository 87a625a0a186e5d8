import type { Configuration } from '../config/configuration.ts';
import { secretsOf } from '../config/secrets-of.ts';
import { hideTexts, type Hide } from '../secrets/hide-texts.ts';

/** Hides the secrets of the configuration in force, and of those before it: what is still under way may use them. */
export function createHiding(configuration: () => Configuration): Hide {
  const secrets = new Set<string>();
  let known: Configuration | undefined;
  let hide: Hide = (text) => text;
  return (text) => {
    if (known !== configuration()) {
      known = configuration();
      for (const secret of secretsOf(known)) secrets.add(secret);
      hide = hideTexts([...secrets]);
    }
    return hide(text);
  };
}
