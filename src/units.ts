import type { Account } from './fulfilment/run-action.ts';
import { findAction } from './fulfilment/run-action.ts';
import type { UnitsOf } from './processes/plan-grants.ts';

/** Asks the connectors how often an action runs for a line. An action the configuration lost is planned once per unit. */
export function unitsFrom(account: (name: string) => Account | undefined): UnitsOf {
  return (action, input, quantity) => {
    try {
      const found = findAction({ account: action.slice(0, action.lastIndexOf('.')), action }, { account });
      const { units = 'perUnit' } = found.action;
      return (typeof units === 'function' ? units(input) : units) === 'perLine' ? 1 : quantity;
    } catch {
      return quantity;
    }
  };
}
