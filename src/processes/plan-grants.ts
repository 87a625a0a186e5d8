import type { ActionShape, ShapeOf } from './action-shape.ts';
import { learnerOf, resourceName, type Grant, type Order, type OrderLine } from '../contract/order.ts';
import { splitAction, type PlannedStep, type Step } from '../contract/plan.ts';
import { fillIn, namesFor } from './fill-in.ts';
import { findProduct, type Catalogue, type FoundProduct } from './find-product.ts';
import { chainOf, isOpen, pathTo, standingAfter, standingWithoutLast, type NextStep } from './grant-chain.ts';
import { planTask } from './plan-tasks.ts';
import { reasonsFor } from './reasons.ts';
import { wantedOf, type Wanted } from './wanted.ts';

export interface GrantPlan {
  readonly grants: readonly Grant[];
  readonly steps: readonly PlannedStep[];
  readonly cancel: readonly string[];
  /** Instants at which the plan may change by itself, milliseconds since 1970. */
  readonly deadlines: readonly number[];
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
  const deadlines: number[] = [];
  for (const line of order.lines) {
    const found = findProduct(line.sku, catalogues);
    if (!found || line.state !== 'open') continue;
    const before = known.grants.filter((grant) => grant.line === line.line);
    const drafts = before.length > 0 ? before : draftGrants(order, line, found, shapeOf);
    const taken: Grant[] = [];
    let isTaken = before.length > 0;
    for (const draft of drafts) {
      const units = drafts.filter(({ name }) => name === draft.name).length;
      const reasons = reasonsFor(order, line, draft.unit, units, draft.id, found);
      const shape = shapeOf(draft.action, inputOf(draft, order, line, found), line.quantity);
      const isSeat = areSeats(found, shape);
      const wanted = wantedOf(order, { ...draft, isSeat }, line, reasons, found);
      const resource = resourceFor(order, draft.action, shape.resource, wanted);
      const grant: Grant = { ...draft, ...(resource !== undefined && { resource }), reasons, wanted: wanted.state };
      const next = nextSteps(grant, wanted, known.steps, shape, () => freshBody(grant, order, line, found));
      taken.push(grant);
      isTaken ||= next.steps.length > 0;
      const task = planTask(grant, wanted, known.steps, found.catalogue);
      steps.push(...next.steps, ...task.steps);
      cancel.push(...next.cancel, ...task.cancel);
      deadlines.push(...wanted.deadlines);
    }
    if (isTaken) grants.push(...taken);
  }
  return { grants, steps, cancel, deadlines };
}

/** The buyer hands each unit to somebody: also what one person would only have once, such as a course. */
function areSeats({ product }: FoundProduct, { isOneForAll }: ActionShape): boolean {
  return product.seats === 'assign' && isOneForAll !== true;
}

function draftGrants(order: Order, line: OrderLine, found: FoundProduct, shapeOf: ShapeOf): Grant[] {
  return Object.entries(found.product.grants).flatMap(([name, { action, with: input }]) => {
    const shape = shapeOf(action, fillIn(input, namesFor(order, line, found)), line.quantity);
    const units = areSeats(found, shape) ? line.quantity : shape.units;
    return Array.from({ length: units }, (_, index) => ({
      id: `${order.id}/${line.line}/${index + 1}/${name}`,
      orderId: order.id,
      line: line.line,
      unit: index + 1,
      name,
      action,
      reasons: [],
      wanted: 'granted' as const,
    }));
  });
}

/** Names what is given to whom. Undefined where each grant is a thing of its own. */
export function resourceFor(
  order: Order,
  action: string,
  thing: string | undefined,
  { learner }: Pick<Wanted, 'learner'>,
): string | undefined {
  const email = (learner ?? order.buyerAsTold ?? order.buyer).email;
  return thing === undefined || email === undefined ? undefined : resourceName(action, thing, email);
}

function inputOf({ name, unit }: Grant, order: Order, line: OrderLine, found: FoundProduct): Record<string, unknown> {
  const input = Object.hasOwn(found.product.grants, name) ? (found.product.grants[name]?.with ?? {}) : {};
  return fillIn(input, namesFor(order, line, found, learnerOf(order, line, unit)));
}

type StepBody = Omit<PlannedStep, 'key' | 'verb' | 'after' | 'terms'>;

function freshBody(grant: Grant, order: Order, line: OrderLine, found: FoundProduct): StepBody {
  return {
    orderId: order.id,
    grantId: grant.id,
    line: line.line,
    unit: grant.unit,
    action: grant.action,
    account: splitAction(grant.action).account,
    input: inputOf(grant, order, line, found),
    configVersion: found.catalogue.version,
  };
}

/** An open step that leads elsewhere is cancelled; what it may have done is undone by the steps after it. */
function nextSteps(
  grant: Grant,
  wanted: Wanted,
  steps: readonly Step[],
  shape: Pick<ActionShape, 'renews' | 'doubles'>,
  fresh: () => StepBody,
): { readonly steps: readonly PlannedStep[]; readonly cancel: readonly string[] } {
  const chain = chainOf(grant.id, steps);
  if (pathTo(wanted, standingAfter(chain), shape).length === 0) return { steps: [], cancel: [] };
  const last = chain.at(-1);
  const isLastOpen = last !== undefined && isOpen(last);
  const path = pathTo(wanted, isLastOpen ? standingWithoutLast(chain) : standingAfter(chain), shape);
  const given = chain.findLast(({ verb }) => verb === 'grant');
  const open = chain.filter((step) => isOpen(step) && step !== last);
  const generation = steps.filter(({ grantId }) => grantId === grant.id).length;
  const planned: PlannedStep[] = [];
  for (const { verb, terms } of path) {
    const body = given && !isNewPerson(verb, terms, given) ? repeatOf(given) : fresh();
    const before = planned.length > 0 ? planned.slice(-1) : [...open, ...(last ? [last] : [])];
    planned.push({
      ...body,
      key: `${grant.id}/${verb}/${generation + planned.length + 1}`,
      verb,
      after: before.map(({ key }) => key),
      ...(Object.keys(terms).length > 0 && { terms }),
    });
  }
  return { steps: planned, cancel: isLastOpen ? [last.key] : [] };
}

/** What is given to another person is filled in anew. */
function isNewPerson(verb: NextStep['verb'], terms: NextStep['terms'], given: Step): boolean {
  return verb === 'grant' && terms.learner?.email !== given.terms?.learner?.email;
}

/** Later steps of a grant use the input and files of its first, whatever the product file says by now. */
function repeatOf({ orderId, grantId: id, line, unit, action, account, input, configVersion }: Step): StepBody {
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
