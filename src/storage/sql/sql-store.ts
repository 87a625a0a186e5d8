import type { Store } from '../store.ts';
import { callbackOperations } from './callbacks.ts';
import { claimOperations } from './claims.ts';
import { configurationOperations } from './configurations.ts';
import type { Database } from './database.ts';
import { keyOperations } from './keys.ts';
import { orderOperations } from './orders.ts';
import { recordOperations } from './record.ts';
import { statusOperations } from './status.ts';
import { stepOperations } from './steps.ts';
import { verdictOperations } from './verdicts.ts';

/** The store on any database that speaks the shared SQL. */
export function createSqlStore(database: Database): Store {
  return {
    open: () => database.open(),
    close: () => database.close(),
    onWork: (listener) => database.onWork(listener),
    ...callbackOperations(database),
    ...verdictOperations(database),
    ...recordOperations(database),
    ...orderOperations(database),
    ...claimOperations(database),
    ...stepOperations(database),
    ...statusOperations(database),
    ...configurationOperations(database),
    ...keyOperations(database),
  };
}
