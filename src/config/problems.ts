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

/** Collects problems; each is told once. */
export class ProblemList {
  readonly all: Problem[] = [];
  readonly #known = new Set<string>();
  readonly #files = new Set<string>();

  add(file: string, path: string, message: string): void {
    const key = JSON.stringify([file, path, message]);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#files.add(file);
    this.all.push({ file, path, message });
  }

  /** By file, in the order the files were read; within a file as they were found. */
  sorted(): Problem[] {
    const rank = (file: string): string => (file.startsWith('products') ? file : '');
    return this.all.toSorted((one, other) =>
      rank(one.file) < rank(other.file) ? -1 : rank(one.file) > rank(other.file) ? 1 : 0,
    );
  }

  has(file: string): boolean {
    return this.#files.has(file);
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
  let bestDistance = Math.max(name.length < 3 ? 1 : 2, Math.floor(name.length / 3)) + 0.5;
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
