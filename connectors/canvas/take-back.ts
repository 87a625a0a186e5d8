import type { Client } from './client.ts';
import { end, write, type Enrolment, type Standing } from './enrolment.ts';

/** Gives back what there was before: shorter access, a pause, an enrolment that was over. Where there was nothing, `endBy` decides. */
export async function takeBack(client: Client, given: Enrolment, ours: Standing | undefined): Promise<void> {
  if (!ours || given.isShared) return;
  const before = given.before.find(({ id }) => id === ours.id);
  if (before?.state === 'active') {
    const { from, until } = before;
    if (ours.until !== until) await write(client, given, { from: from || given.from, until, hadEnd: true });
    return;
  }
  const task = tasks.get(before?.state ?? '') ?? client.settings.endBy;
  if (ours.state === stateAfter[task] || (ours.state !== 'active' && task === 'deactivate')) return;
  await end(client, given, ours.id, task);
}

const tasks = new Map<string, 'deactivate' | 'conclude'>([
  ['inactive', 'deactivate'],
  ['completed', 'conclude'],
]);

const stateAfter = { deactivate: 'inactive', conclude: 'completed', delete: 'deleted' } as const;
