import { join } from 'node:path';
import { isContent, type Content } from './read-files.ts';
import type { Report } from './resolve.ts';

/** Checks that the views a file names lie in pages/. */
export function checkViews(content: Content, fileExists: (path: string) => boolean, folder: string, report: Report): void {
  const outcomes = isContent(content['outcomes']) ? content['outcomes'] : {};
  for (const [outcome, texts] of Object.entries(outcomes)) {
    const view = isContent(texts) && isContent(texts['page']) ? texts['page']['view'] : undefined;
    if (typeof view !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(view)) continue;
    if (fileExists(join(folder, 'pages', `${view}.ejs`))) continue;
    report(['outcomes', outcome, 'page', 'view'], `There is no file pages/${view}.ejs. Create it, or take "view" out.`);
  }
}
