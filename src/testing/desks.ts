import type { ActivationDesk, ActivationTerms } from '../contract/activations.ts';
import type { FileEntry, FileShelf } from '../contract/files.ts';
import type { PersonTask, TaskDesk } from '../contract/tasks.ts';

/** What a grant may fetch, in memory. Addresses it makes lead nowhere. */
export interface TestShelf extends FileShelf {
  /** Undefined: nothing may be fetched. */
  readonly entry: FileEntry | undefined;
}

export function createTestShelf(): TestShelf {
  let entry: FileEntry | undefined;
  return {
    get entry() {
      return entry;
    },
    open: async (given) => void (entry = given),
    close: async () => void (entry = undefined),
    link: (version, days) => `https://shop.example.com/files/${encodeURIComponent(version)}-for-${days}-days`,
  };
}

/** Keys that software may ask about, in memory. */
export interface TestActivations extends ActivationDesk {
  readonly registered: ReadonlyMap<string, ActivationTerms>;
  readonly revoked: ReadonlySet<string>;
}

export function createTestActivations(): TestActivations {
  const registered = new Map<string, ActivationTerms>();
  const revoked = new Set<string>();
  return {
    registered,
    revoked,
    async register(key, terms) {
      if (revoked.has(key)) return 'revoked';
      registered.set(key, terms);
      return 'registered';
    },
    async revoke(key) {
      registered.delete(key);
      revoked.add(key);
    },
  };
}

/** People who do at once what they are asked: what stands, and what was called off. */
export interface TestTasks extends TaskDesk {
  readonly asked: readonly PersonTask[];
  readonly calledOff: readonly string[];
  /** What was done and not taken back since. */
  readonly standing: readonly string[];
}

export function createTestTasks(): TestTasks {
  const asked: PersonTask[] = [];
  const calledOff: string[] = [];
  let standing: string[] = [];
  return {
    asked,
    calledOff,
    get standing() {
      return standing;
    },
    async ask(task) {
      asked.push(task);
      standing = task.undoes ? [] : [task.title];
    },
    callOff: async ({ title }) => void calledOff.push(title),
  };
}
