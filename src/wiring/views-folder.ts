import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The package's `views/`: beside `src/` when the sources run, beside `dist/` when the package is built. */
export const viewsFolder =
  ['../../views', '../../../views']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path)) ?? '';
