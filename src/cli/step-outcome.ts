import { didYouMean } from '../config/problems.ts';
import type { Step } from '../contract/plan.ts';
import { loadShop, openSealer } from './open-shop.ts';
import type { Place } from './place.ts';
import { UsageError } from './usage-error.ts';

type Values = Readonly<Record<string, string>>;

/** `--value NAME=TEXT`, once or several times. Throws a `UsageError`. */
export function readValues(given: readonly string[]): Values {
  return Object.fromEntries(
    given.map((text) => {
      const end = text.indexOf('=');
      if (end < 1 || end === text.length - 1) throw wrong('--value takes NAME=TEXT.');
      return [text.slice(0, end), text.slice(end + 1)];
    }),
  );
}

/**
 * Makes what is stored with a step from the values staff gave: secret ones sealed. Throws a `UsageError` for names the step's
 * action does not give out. Without values no configuration is needed.
 */
export async function openOutcomeMaker(values: Values, place: Place): Promise<(step: Step) => Record<string, unknown>> {
  const names = Object.keys(values);
  if (names.length === 0) return () => ({});
  const shop = await loadShop(place);
  const [{ findAction }, { sealOutcome }, sealer] = await Promise.all([
    import('../fulfilment/run-action.ts'),
    import('../fulfilment/sealed-outcome.ts'),
    openSealer(place, shop),
  ]);
  return (step) => {
    if (step.verb !== 'grant') throw wrong(`A ${step.verb} step gives out nothing, so it takes no --value.`);
    const { output } = findAction(step, { account: (name) => shop.accounts.get(name) }).action;
    const known = Object.keys(output).filter((name) => output[name]?.link !== true);
    const unknown = names.find((name) => !known.includes(name));
    if (unknown !== undefined) throw wrong(`${step.action} gives out no "${unknown}".${didYouMean(unknown, known)}`);
    return sealOutcome(values, output, sealer);
  };
}

function wrong(message: string): UsageError {
  return new UsageError('OPTION_VALUE', message, 'See: npx handover done --help');
}
