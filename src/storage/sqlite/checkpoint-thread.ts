import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/** Runs in a thread of its own: moves the log into the database file whenever it is asked to, without holding anybody up. */
const database = new DatabaseSync(workerData as string, { timeout: 20 });
database.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1');
const checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');

parentPort?.on('message', (message: 'checkpoint' | 'end') => {
  if (message === 'end') {
    database.close();
    parentPort?.close();
    return;
  }
  try {
    checkpoint.all();
  } catch {
    // Busy or unavailable: the log only grows a little longer, and the writer checkpoints by itself when it must.
  }
  parentPort?.postMessage('done');
});
