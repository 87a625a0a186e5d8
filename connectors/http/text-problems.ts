import type { OptionProblem } from 'handover/contract';
import { namesIn, strayBraces, textsIn } from './fill.ts';
import { fixedNames } from './names.ts';
import type { ActionSettings, HttpOptions } from './options.ts';

export type Keys = readonly (string | number)[];

/** What placeholders may name here; `metadata.` and, without declared inputs, `with.` may go on with anything. */
export function namesOf(
  { auth, secrets = {} }: HttpOptions,
  action: ActionSettings | undefined,
  kept: readonly string[],
): string[] {
  const inputs = action?.input ? Object.keys(action.input).map((name) => `with.${name}`) : ['with.*'];
  return [
    ...fixedNames.filter((name) => name !== 'auth.jwt' || (auth?.kind === 'jwt' && action !== undefined)),
    ...(action ? inputs : []),
    ...kept.map((name) => `kept.${name}`),
    ...Object.keys(secrets).map((name) => `secret.${name}`),
    'metadata.*',
  ];
}

export function textProblems(value: unknown, names: readonly string[], keys: Keys): OptionProblem[] {
  return textsIn(value).flatMap(({ keys: inside, text }): OptionProblem[] => {
    const place = [...keys, ...inside];
    const stray = strayBraces(text);
    if (stray !== undefined)
      return [
        { keys: place, message: `"${stray.slice(0, 40)}" is no placeholder. Write {{learner.email}}: two braces, a name.` },
      ];
    const unknown = namesIn(text).filter((name) => !isKnown(name, names));
    return unknown.map((name) => ({ keys: place, message: `{{${name}}} is not known here.${known(similar(name, names))}` }));
  });
}

function isKnown(name: string, names: readonly string[]): boolean {
  return (
    names.includes(name) ||
    names.some((each) => each.endsWith('.*') && name.startsWith(each.slice(0, -1)) && /^\w+\.[\w-]+$/.test(name))
  );
}

/** Names with the same first word; where there are none, all first words. */
function similar(name: string, names: readonly string[]): string[] {
  const [word = ''] = name.split('.');
  const same = names.filter((each) => each.split('.')[0] === word && !each.endsWith('.*'));
  return same.length > 0 ? same : [...new Set(names.map((each) => each.split('.')[0] ?? ''))];
}

export function known(names: readonly string[]): string {
  return names.length === 0 ? '' : ` Known here: ${names.join(', ')}.`;
}
