import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk that forgets when the machine stops, not when the site does. */
const memory = '/dev/shm';

/** A place for a store, in memory where there is such a disk: many stories are played, and no power fails here. */
export async function onMemory(): Promise<{ readonly store: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(existsSync(memory) ? memory : tmpdir(), 'handover-histories-'));
  return { store: join(folder, 'handover.db'), remove: () => rm(folder, { recursive: true, force: true }) };
}
