import { createHash } from 'node:crypto';

/** Numbers from 0 up to 1, the same for the same seed on every machine. */
export function createChance(seed: string): () => number {
  let count = 0;
  return () => {
    count += 1;
    return createHash('sha256').update(`${seed}\n${count}`).digest().readUInt32BE() / 2 ** 32;
  };
}
