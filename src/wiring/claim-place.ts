import { HandoverError } from '../contract/errors.ts';

const mounted = new Set<string>();

/** Two Handovers over one store in one process would be two shops over one set of books. Throws `STORE_ALREADY_MOUNTED`. */
export function claimPlace(path: string | undefined): void {
  if (path === undefined) return;
  if (mounted.has(path)) {
    throw new HandoverError('STORE_ALREADY_MOUNTED', `Another handover(…) of this process already uses ${path}.`, {
      hint: 'Call handover() once and mount what it returns where you need it; a second shop needs a "store" of its own.',
    });
  }
  mounted.add(path);
}

export function leavePlace(path: string | undefined): void {
  if (path !== undefined) mounted.delete(path);
}
