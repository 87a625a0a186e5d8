import { firstTables } from './001-first-tables.ts';
import { laterSteps } from './002-later-steps.ts';
import { upkeep } from './003-upkeep.ts';
import { filesAndActivations } from './004-files-and-activations.ts';
import { alarms } from './005-alarms.ts';
import { sparedAddresses } from './006-spared-addresses.ts';
import { stock } from './007-stock.ts';

/** In order; a file's schema version is the number of those applied. Within a major version they only add. */
export const migrations: readonly string[] = [
  firstTables,
  laterSteps,
  upkeep,
  filesAndActivations,
  alarms,
  sparedAddresses,
  stock,
];
