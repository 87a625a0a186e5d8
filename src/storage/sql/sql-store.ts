import type { Store } from '../store.ts';
import { alarmOperations } from './alarms.ts';
import { activationOperations } from './activations.ts';
import { bodyOperations } from './callback-bodies.ts';
import { callbackOperations } from './callbacks.ts';
import { claimOperations } from './claims.ts';
import { clockOperations } from './clock.ts';
import { configurationOperations } from './configurations.ts';
import type { Database } from './database.ts';
import { fileOperations } from './files.ts';
import { keyOperations } from './keys.ts';
import { orderOperations } from './orders.ts';
import { peopleOperations } from './people.ts';
import { recordOperations } from './record.ts';
import { statusOperations } from './status.ts';
import { stockOperations } from './stock.ts';
import { sparedOperations } from './spared.ts';
import { sweepOperations } from './sweeps.ts';
import { stepOperations } from './steps.ts';
import { thinOutOperations } from './thin-out.ts';
import { verdictOperations } from './verdicts.ts';

/** The store on any database that speaks the shared SQL. */
export function createSqlStore(database: Database): Store {
  return {
    open: () => database.open(),
    close: () => database.close(),
    onWork: (listener) => database.onWork(listener),
    ...callbackOperations(database),
    ...bodyOperations(database),
    ...verdictOperations(database),
    ...recordOperations(database),
    ...orderOperations(database),
    ...claimOperations(database),
    ...clockOperations(database),
    ...stepOperations(database),
    ...statusOperations(database),
    ...thinOutOperations(database),
    ...peopleOperations(database),
    ...sweepOperations(database),
    ...configurationOperations(database),
    ...keyOperations(database),
    ...alarmOperations(database),
    ...sparedOperations(database),
    ...fileOperations(database),
    ...activationOperations(database),
    ...stockOperations(database),
  };
}
