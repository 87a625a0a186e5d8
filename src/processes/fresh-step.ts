import type { Order } from '../contract/order.ts';
import { splitAction, type Step } from '../contract/plan.ts';
import { fillIn, namesFor } from './fill-in.ts';
import { findProduct, type Catalogue } from './find-product.ts';
import type { ShapeOf } from './action-shape.ts';
import { resourceFor } from './plan-grants.ts';

/** What a product file says of a grant by now. */
export interface FreshStep {
  readonly action: string;
  readonly account: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly configVersion: string;
  readonly resource?: string;
}

/**
 * A parked grant as the newest files would plan it, for a retry by hand: who corrects `with.course` and retries means the
 * corrected course. Undefined where the files do not say otherwise, or no longer name the grant.
 */
export function freshStep(order: Order, step: Step, newest: Catalogue, shapeOf: ShapeOf): FreshStep | undefined {
  const line = order.lines.find((each) => each.line === step.line);
  const found = line && findProduct(line.sku, [newest]);
  const name = step.grantId?.slice(step.grantId.lastIndexOf('/') + 1) ?? '';
  if (step.verb !== 'grant' || !found || !Object.hasOwn(found.product.grants, name)) return undefined;
  const grant = found.product.grants[name];
  if (!grant) return undefined;
  const learner = step.terms?.learner;
  const input = fillIn(grant.with, namesFor(order, line, found, learner));
  const isSame = grant.action === step.action && JSON.stringify(input) === JSON.stringify(step.input);
  if (isSame) return undefined;
  const resource = resourceFor(order, grant.action, shapeOf(grant.action, input, line.quantity).resource, {
    ...(learner && { learner }),
  });
  const { account } = splitAction(grant.action);
  return { action: grant.action, account, input, configVersion: newest.version, ...(resource !== undefined && { resource }) };
}
