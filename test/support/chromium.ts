import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Where Chromium is on this machine: the file that `CHROMIUM` names, else the first of its usual names on the PATH. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env['CHROMIUM']) return isProgram(env['CHROMIUM']) ? env['CHROMIUM'] : undefined;
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram);
}

/**
 * A group of tests that need a browser; `body` gets the path of Chromium. Without one the group is left out, and `npm test`
 * says so in its last lines (with CI=true it fails).
 */
export function describeInBrowser(title: string, body: (chromium: string) => void): void {
  const chromium = findChromium();
  if (chromium !== undefined) describe(title, () => body(chromium));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
