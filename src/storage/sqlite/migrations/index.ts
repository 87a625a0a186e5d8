import { firstTables } from './001-first-tables.ts';
import { laterSteps } from './002-later-steps.ts';

/** In order; a file's schema version is the number of those applied. Within a major version they only add. */
export const migrations: readonly string[] = [firstTables, laterSteps];
