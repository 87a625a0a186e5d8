import { splitAction } from '../contract/plan.ts';
import { findAction, repeatsOf, type Account } from '../fulfilment/run-action.ts';
import type { ShapeOf } from '../processes/action-shape.ts';

/** Asks the connectors what an action makes of a line. An action the configuration lost is planned once per unit. */
export function shapesFrom(account: (name: string) => Account | undefined): ShapeOf {
  return (action, input, quantity) => {
    try {
      const { account: place, action: found } = findAction({ account: splitAction(action).account, action }, { account });
      const repeats = repeatsOf(found, place.options, input);
      const units = typeof found.units === 'function' ? found.units(input) : found.units;
      const resource = found.resource?.(input);
      return {
        renews: found.renew !== undefined,
        doubles: repeats === 'keyed' || repeats === 'blind',
        units: units === 'perLine' ? 1 : quantity,
        ...(typeof found.units === 'function' && units === 'perLine' && { isOneForAll: true }),
        ...(resource !== undefined && { resource }),
      };
    } catch {
      return { units: quantity, renews: false };
    }
  };
}
