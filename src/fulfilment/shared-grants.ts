import type { Grant } from '../contract/order.ts';
import type { Step } from '../contract/plan.ts';
import type { OrderRecord, StepClaim, Store } from '../storage/store.ts';

type Shelf = Pick<Store, 'grantsOfResource' | 'findOrder'>;

/**
 * Another grant that stands and gives the same thing to the same person. As long as there is one, taking back this grant
 * must leave the thing where it is: the step is done without a call, and remembers for whom (`keptFor`).
 */
export async function standingElsewhere(grantId: string, resource: string | undefined, store: Shelf): Promise<Grant | undefined> {
  const others = await siblingsOf(grantId, resource, store);
  return others.find(({ wanted }) => wanted === 'granted');
}

/** Grants that were taken back while another one stood, with what they had given: now that the other ends, so do they. */
export async function keptUntilNow(
  grantId: string,
  resource: string | undefined,
  store: Shelf,
): Promise<{ record: OrderRecord; given: StepClaim }[]> {
  const kept: { record: OrderRecord; given: StepClaim }[] = [];
  for (const { id, orderId, wanted } of await siblingsOf(grantId, resource, store)) {
    const record = wanted === 'revoked' ? await store.findOrder(orderId) : undefined;
    const steps = record?.steps.filter((step) => step.grantId === id && step.state === 'done') ?? [];
    const given = steps.findLast(({ verb, outcome }) => (verb === 'grant' || verb === 'renew') && outcome);
    if (record && given && isKept(steps, 'revoke'))
      kept.push({ record, given: { ...given, fence: 0, worker: '', cutShort: 0, interrupted: false } });
  }
  return kept;
}

/** The grant's last step of that kind changed nothing, since another grant stood. */
export function isKept(steps: readonly Step[], verb: 'revoke' | 'suspend'): boolean {
  return steps.findLast((step) => step.verb === verb && step.state === 'done')?.outcome?.['keptFor'] !== undefined;
}

/** Other grants of the same thing to the same person, whatever became of them. */
export async function siblingsOf(grantId: string, resource: string | undefined, store: Shelf): Promise<Grant[]> {
  if (resource === undefined) return [];
  return (await store.grantsOfResource(resource)).filter(({ id }) => id !== grantId);
}
