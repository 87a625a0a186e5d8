import { closeSites } from '../support/open-site.ts';
import { stopProcesses } from './start-process.ts';

/**
 * Tells stories at the same time, each as a test of its own. For those that wait: for a time that was named, for a process, for
 * somebody's patience. They need not wait for each other.
 */
export function tellTogether(title: string, stories: Readonly<Record<string, () => Promise<void>>>): void {
  describe(title, () => {
    const told = new Map<string, Promise<void>>();
    before(() => {
      for (const [name, tell] of Object.entries(stories)) {
        const story = tell();
        story.catch(() => undefined);
        told.set(name, story);
      }
    });
    after(async () => {
      await Promise.allSettled(told.values());
      await stopProcesses();
      await closeSites();
    });
    for (const name of Object.keys(stories)) it(name, () => told.get(name));
  });
}
