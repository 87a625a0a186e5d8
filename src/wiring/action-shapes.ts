import { splitAction } from '../contract/plan.ts';
import { findAction, type Account } from '../fulfilment/run-action.ts';
import type { ShapeOf } from '../processes/plan-grants.ts';

/** Asks the connectors what an action makes of a line. An action the configuration lost is planned once per unit. */
export function shapesFrom(account: (name: string) => Account | undefined): ShapeOf {
  return (action, input, quantity) => {
    try {
      const found = findAction({ account: splitAction(action).account, action }, { account }).action;
      const units = typeof found.units === 'function' ? found.units(input) : found.units;
      const resource = found.resource?.(input);
      return {
        renews: found.renew !== undefined,
        units: units === 'perLine' ? 1 : quantity,
        ...(resource !== undefined && { resource }),
      };
    } catch {
      return { units: quantity, renews: false };
    }
  };
}
