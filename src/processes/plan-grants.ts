import type { Grant, Order, OrderLine } from '../contract/order.ts';
import { splitAction, type PlannedStep, type Step } from '../contract/plan.ts';
import { fillIn, namesFor } from './fill-in.ts';
import { findProduct, type Catalogue, type FoundProduct } from './find-product.ts';
import { chainOf, isOpen, nextVerb, stateAfter, stateWithoutLast } from './grant-chain.ts';
import { grantId, grantRules, reasonsFor, resourceFor, wantedBy } from './grants.ts';

/** What an action makes of a line. Handed in, since connectors know. */
export type ShapeOf = (action: string, input: Readonly<Record<string, unknown>>, quantity: number) => ActionShape;

export interface ActionShape {
  /** How many times it runs: once per unit, or once with the quantity. */
  readonly units: number;
  /** What it gives at the other side, where several purchases may give the same thing. */
  readonly resource?: string;
}

export interface GrantPlan {
  readonly grants: readonly Grant[];
  readonly steps: readonly PlannedStep[];
  readonly cancel: readonly string[];
}

/**
 * The grants the order's lines call for, and the steps that lead from what was planned so far to what the reasons ask for.
 * A line is read from its product file once: what a later version of the file adds is for later orders.
 */
export function planGrants(
  order: Order,
  known: { readonly grants: readonly Grant[]; readonly steps: readonly Step[] },
  catalogues: readonly Catalogue[],
  shapeOf: ShapeOf,
): GrantPlan {
  const grants: Grant[] = [];
  const steps: PlannedStep[] = [];
  const cancel: string[] = [];
  const reasons = reasonsFor(order);
  for (const line of order.lines) {
    const found = findProduct(line.sku, catalogues);
    if (!found || line.state !== 'open') continue;
    const before = known.grants.filter((grant) => grant.line === line.line);
    const drafts = before.length > 0 ? before : draftGrants(order, line, found, shapeOf);
    for (const draft of drafts) {
      const grant: Grant = { ...draft, reasons, wanted: wantedBy(order, reasons, grantRules(found)) };
      const next = nextStep(grant, known.steps, () => firstStep(grant, order, line, found));
      if (next.step || before.length > 0 || stateAfter(chainOf(grant.id, known.steps)) !== 'none') grants.push(grant);
      if (next.step) steps.push(next.step);
      cancel.push(...next.cancel);
    }
  }
  return { grants, steps, cancel };
}

function draftGrants(order: Order, line: OrderLine, found: FoundProduct, shapeOf: ShapeOf): Grant[] {
  return Object.entries(found.product.grants).flatMap(([name, { action, with: input }]) => {
    const shape = shapeOf(action, fillIn(input, namesFor(order, line, found)), line.quantity);
    const resource = resourceFor(order, action, shape.resource);
    return Array.from({ length: shape.units }, (_, index) => ({
      id: grantId(order, line, index + 1, name),
      orderId: order.id,
      line: line.line,
      unit: index + 1,
      name,
      action,
      ...(resource !== undefined && { resource }),
      reasons: [],
      wanted: 'granted' as const,
    }));
  });
}

function firstStep(
  grant: Grant,
  order: Order,
  line: OrderLine,
  found: FoundProduct,
): Omit<PlannedStep, 'key' | 'verb' | 'after'> {
  const input = found.product.grants[grant.name]?.with ?? {};
  return {
    orderId: order.id,
    grantId: grant.id,
    line: line.line,
    unit: grant.unit,
    action: grant.action,
    account: splitAction(grant.action).account,
    input: fillIn(input, namesFor(order, line, found)),
    configVersion: found.catalogue.version,
  };
}

/** An open step that leads elsewhere is cancelled; what it may have done is undone by the step after it. */
function nextStep(
  grant: Grant,
  steps: readonly Step[],
  first: () => Omit<PlannedStep, 'key' | 'verb' | 'after'>,
): { readonly step?: PlannedStep; readonly cancel: readonly string[] } {
  const chain = chainOf(grant.id, steps);
  if (nextVerb(stateAfter(chain), grant.wanted) === undefined) return { cancel: [] };
  const last = chain.at(-1);
  const isLastOpen = last !== undefined && isOpen(last);
  const cancel = isLastOpen ? [last.key] : [];
  const verb = nextVerb(isLastOpen ? stateWithoutLast(chain) : stateAfter(chain), grant.wanted);
  if (verb === undefined) return { cancel };
  const generation = steps.filter((step) => step.grantId === grant.id).length + 1;
  const earlier = steps.find((step) => step.grantId === grant.id && step.verb === 'grant');
  const body = earlier ? repeatOf(earlier) : first();
  return { step: { ...body, key: `${grant.id}/${verb}/${generation}`, verb, after: last ? [last.key] : [] }, cancel };
}

/** Later steps of a grant use the input and files of its first, whatever the product file says by now. */
function repeatOf({
  orderId,
  grantId: id,
  line,
  unit,
  action,
  account,
  input,
  configVersion,
}: Step): Omit<PlannedStep, 'key' | 'verb' | 'after'> {
  return {
    orderId,
    action,
    account,
    input,
    configVersion,
    ...(id !== undefined && { grantId: id }),
    ...(line !== undefined && { line }),
    ...(unit !== undefined && { unit }),
  };
}
