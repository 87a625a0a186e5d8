import { didYouMean } from '../config/problems.ts';
import type { Step } from '../contract/plan.ts';
import { loadShop, openSealer } from './open-shop.ts';
import type { Place } from './place.ts';
import type { Input } from './command.ts';
import { UsageError } from './usage-error.ts';

type Values = Readonly<Record<string, string>>;

const shortcuts = ['note', 'carrier', 'tracking'] as const;

/** What a person reports: `--value NAME=TEXT`, and `--note`, `--carrier` and `--tracking` for tasks. Throws a `UsageError`. */
export function readReport(input: Pick<Input, 'value' | 'values'>): Values {
  const given = shortcuts.flatMap((name) =>
    input.value(name) === undefined ? [] : ([[name, input.value(name) ?? '']] as const),
  );
  return { ...readValues(input.values('value')), ...Object.fromEntries(given) };
}

/** `--value NAME=TEXT`, once or several times. Throws a `UsageError`. */
function readValues(given: readonly string[]): Values {
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
    const { account, action } = findAction(step, { account: (name) => shop.accounts.get(name) });
    const { output } = action;
    const known = Object.keys(output).filter((name) => output[name]?.link !== true);
    const unknown = names.find((name) => !known.includes(name));
    if (unknown !== undefined) throw wrong(`${step.action} gives out no "${unknown}".${didYouMean(unknown, known)}`);
    return sealOutcome(action.report?.(values, step.input, account.options) ?? values, output, sealer);
  };
}

function wrong(message: string): UsageError {
  return new UsageError('OPTION_VALUE', message, 'See: npx handover done --help');
}
