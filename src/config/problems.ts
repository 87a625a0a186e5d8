import { distance } from 'fastest-levenshtein';
import { HandoverError } from '../contract/errors.ts';
import type { Problem } from './configuration.ts';

/** All that is wrong with a configuration, told at once. Code `CONFIG_INVALID`. The message never holds a secret's value. */
export class ConfigurationError extends HandoverError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], folder: string) {
    super('CONFIG_INVALID', printProblems(problems), {
      where: folder,
      hint: 'Correct the places named above. Nothing of this configuration was taken up.',
    });
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

function printProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines = problems.map(({ file, path, message }) => `  ${path === '' ? file : `${file}  ${path}`}\n    ${message}`);
  return [`The configuration has ${count}`, ...lines].join('\n');
}

/** Collects problems of one file; each is told once. */
export class ProblemList {
  readonly all: Problem[] = [];

  add(file: string, path: string, message: string): void {
    const isKnown = this.all.some((known) => known.file === file && known.path === path && known.message === message);
    if (!isKnown) this.all.push({ file, path, message });
  }

  has(file: string): boolean {
    return this.all.some((problem) => problem.file === file);
  }
}

/** `['outcomes', 'paid', 'tell', 0]` as `outcomes.paid.tell[0]`. */
export function printPath(keys: readonly (string | number)[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    if (!/^[\w$-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
    return path === '' ? key : `${path}.${key}`;
  }, '');
}

/** The known name that was most likely meant; undefined when none is near. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 0.5;
  for (const candidate of known) {
    const far = distance(lower, candidate.toLowerCase()) + (candidate === name ? 0 : 0.1);
    if (far < bestDistance) [best, bestDistance] = [candidate, far];
  }
  return best;
}

/** ` Did you mean "x"?`, or what is known, or nothing. To be put behind a sentence. */
export function didYouMean(name: string, known: Iterable<string>, quote: (name: string) => string = JSON.stringify): string {
  const names = [...known];
  const found = nearest(name, names);
  if (found !== undefined) return ` Did you mean ${quote(found)}?`;
  if (names.length === 0 || names.length > 12) return '';
  return ` Known here: ${names.map(quote).join(', ')}.`;
}
