import type { OutcomeActions, OutcomeName } from '../config/types.ts';
import type { Order, OrderLine } from '../contract/order.ts';
import { splitAction, type PlannedStep } from '../contract/plan.ts';
import { fillIn, namesFor } from './fill-in.ts';
import { findProduct, type Catalogue, type FoundProduct } from './find-product.ts';
import { changeOf } from './outcome-change.ts';

/**
 * The actions an outcome carries out besides: those of each product for its line, those of the site once for the order. They
 * wait for the line's grants no longer than its mail does, so that they can tell what was given.
 */
export function planRuns(
  order: Order,
  outcome: OutcomeName | undefined,
  grantSteps: readonly PlannedStep[],
  catalogues: readonly Catalogue[],
): { readonly steps: readonly PlannedStep[]; readonly cancel: readonly string[] } {
  const [catalogue] = catalogues;
  if (outcome === undefined || !catalogue) return { steps: [], cancel: [] };
  const ours = order.lines.flatMap((line) => {
    const found = line.state === 'open' ? findProduct(line.sku, catalogues) : undefined;
    return found ? [{ line, found }] : [];
  });
  const [first] = ours;
  if (!first) return { steps: [], cancel: [] };
  const ofSite = runsOf(
    catalogue.site.outcomes[outcome]?.run,
    'site',
    order,
    outcome,
    first,
    ours.map(({ line }) => line),
    grantSteps,
  );
  const ofProducts = ours.flatMap((each) =>
    runsOf(each.found.product.outcomes[outcome]?.run, String(each.line.line), order, outcome, each, [each.line], grantSteps),
  );
  return { steps: [...ofSite, ...ofProducts], cancel: [] };
}

function runsOf(
  actions: OutcomeActions | undefined,
  place: string,
  order: Order,
  outcome: OutcomeName,
  { line, found }: { readonly line: OrderLine; readonly found: FoundProduct },
  lines: readonly OrderLine[],
  grantSteps: readonly PlannedStep[],
): PlannedStep[] {
  const numbers = lines.map((each) => each.line);
  const after = grantSteps.filter((step) => step.line !== undefined && numbers.includes(step.line)).map(({ key }) => key);
  return Object.entries(actions ?? {}).map(([name, { action, with: input }]) => ({
    key: `${order.id}/run/${outcome}${changeOf(order, outcome)}/${place}/${name}`,
    orderId: order.id,
    verb: 'run',
    line: line.line,
    action,
    account: splitAction(action).account,
    input: fillIn(input, namesFor(order, line, found)),
    after,
    ...(after.length > 0 && { patienceMs: found.catalogue.site.mailPatienceSeconds * 1000 }),
    configVersion: found.catalogue.version,
  }));
}
