import type { KeyPools } from '../contract/connector.ts';
import { HandoverError } from '../contract/errors.ts';
import { crashPoint } from '../crash-point.ts';
import type { Sealer } from '../secrets/sealing.ts';
import type { Store } from '../storage/store.ts';
import { readKeyList } from './key-list.ts';
import type { KeyList, KeyListProblem } from './key-list.ts';

/** The stocks of activation keys: sealed in the store, opened only for the step that hands one out. */
export function createKeyPools(
  store: Pick<Store, 'takeKey' | 'revokeKey' | 'keyCounts'>,
  sealer: Pick<Sealer, 'open'>,
): KeyPools {
  return {
    async take(pool, holder) {
      const sealed = await store.takeKey(pool, holder);
      crashPoint('key taken');
      return sealed === undefined ? undefined : sealer.open(sealed);
    },
    async left(pool) {
      const counts = await store.keyCounts();
      return counts.find((each) => each.pool === pool)?.free ?? 0;
    },
    revoke: (pool, holder) => store.revokeKey(pool, holder),
  };
}

/** Refuses a key list as a whole; `problems` holds every line that is wrong. No message contains a key. */
export class KeyImportError extends HandoverError {
  readonly problems: readonly KeyListProblem[];

  constructor(pool: string, problems: readonly KeyListProblem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    const shown = problems.slice(0, shownProblems).map(({ line, message }) => `  line ${line}: ${message}`);
    if (problems.length > shownProblems) shown.push(`  and ${problems.length - shownProblems} more`);
    super('KEYS_REFUSED', [`The key list has ${count}; no key was added.`, ...shown].join('\n'), {
      where: `pool ${pool}`,
      hint: 'Correct the lines named and import the whole list again.',
    });
    this.name = 'KeyImportError';
    this.problems = problems;
  }
}

const shownProblems = 20;

/**
 * Adds the keys of a list to a pool, all or none. `list` is the file's bytes (or a text that was read already): one key on
 * each line, or a table whose first column holds the keys. Throws `KEYS_REFUSED` with the line of every problem.
 */
export async function importKeys(
  store: Pick<Store, 'importKeys'>,
  sealer: Pick<Sealer, 'seal' | 'fingerprint'>,
  pool: string,
  list: Uint8Array | string,
  format: 'auto' | 'lines' | 'table' = 'auto',
): Promise<{ added: number; columnsLeftOut: boolean }> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(pool)) {
    throw new HandoverError('KEY_POOL_NAME', `"${pool}" cannot be the name of a key pool.`, {
      hint: 'Use 1 to 64 letters, digits, dots, hyphens or underscores, as in the connector option "pool".',
    });
  }
  const read: KeyList = readKeyList(list, format);
  if (read.problems.length > 0) throw new KeyImportError(pool, read.problems);

  const lineOf = new Map<string, number>();
  const sealed = read.keys.map(({ line, key }) => {
    const fingerprint = sealer.fingerprint(key);
    lineOf.set(fingerprint, line);
    return { fingerprint, sealed: sealer.seal(key) };
  });
  const { added, duplicates } = await store.importKeys(pool, sealed);
  if (duplicates.length > 0) {
    const problems = duplicates.map((fingerprint) => ({
      line: lineOf.get(fingerprint) ?? 0,
      message: 'this key is in the pool already',
    }));
    throw new KeyImportError(
      pool,
      problems.sort((a, b) => a.line - b.line),
    );
  }
  return { added, columnsLeftOut: read.columnsLeftOut };
}
