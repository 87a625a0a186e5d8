import { forum } from './forum.ts';

/** What this site adds to the built-in connectors; the command line takes it as well: `npx handover check --with connectors.ts`. */
export const connectors = [forum];
