import {
  actionsOf,
  type Action,
  type ActionContext,
  type Connector,
  type KeyPools,
  type Repeats,
} from '../contract/connector.ts';
import { giveUp, tryLater } from '../contract/errors.ts';
import type { HttpClient } from '../contract/http.ts';
import type { Logger } from '../contract/log.ts';
import type { Person } from '../contract/event.ts';
import { resourceName, type Order } from '../contract/order.ts';
import { splitAction, type Step } from '../contract/plan.ts';
import type { OrderRecord, StepClaim, Store } from '../storage/store.ts';
import { isKept, keptUntilNow, siblingsOf, standingElsewhere } from './shared-grants.ts';
import { openMemo, openOutcome, sealMemo, sealOutcome, type Sealer } from './sealed-outcome.ts';

/** A connector account as the configuration has it. */
export interface Account {
  readonly name: string;
  readonly connector: Connector;
  readonly options: unknown;
  readonly limits: { readonly parallel: number; readonly timeoutSeconds: number };
}

export interface ActionParts {
  readonly store: Pick<Store, 'beginCall' | 'rememberStep' | 'findOrder' | 'grantsOfResource'>;
  account(name: string): Account | undefined;
  readonly http: HttpClient;
  readonly keys: KeyPools;
  /** What an action is handed for its own grant. */
  desks(
    step: Pick<Step, 'key' | 'orderId' | 'account' | 'grantId' | 'line' | 'terms'>,
  ): Pick<ActionContext, 'files' | 'activations' | 'tasks'>;
  readonly sealer: Sealer;
  readonly now: () => Date;
  readonly log: Logger;
}

/** The action a step names, with its account. Throws `giveUp` when the configuration no longer has it. */
export function findAction(
  step: { readonly account: string; readonly action: string },
  parts: Pick<ActionParts, 'account'>,
): { account: Account; action: Action } {
  const account = parts.account(step.account);
  if (!account) {
    throw giveUp('ACCOUNT_UNKNOWN', `The configuration has no connector account "${step.account}" any more.`, {
      hint: `Put "${step.account}" back under "connectors" in handover.json, then retry the step.`,
    });
  }
  const { name } = splitAction(step.action);
  const actions = actionsOf(account.connector, account.options);
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) {
    throw giveUp('ACTION_UNKNOWN', `The connector "${account.connector.name}" has no action "${name}".`, {
      hint: 'Correct "action" in the product file; orders accepted before keep the old one and need a person.',
    });
  }
  return { account, action: action as unknown as Action };
}

/** Carries out one step of a grant, once. Returns what to keep with it. */
export async function runAction(
  claim: StepClaim,
  record: OrderRecord,
  parts: ActionParts,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const { account, action } = findAction(claim, parts);
  const ctx = contextFor(claim, record, account, parts, signal);
  const stored = await perform(claim, record, action, ctx, parts);
  return sealOutcome(stored, action.output, parts.sealer);
}

async function perform(
  claim: StepClaim,
  record: OrderRecord,
  action: Action,
  ctx: ActionContext,
  parts: ActionParts,
): Promise<Record<string, unknown>> {
  if (claim.verb === 'grant') return grant(claim, action, await withSiblings(ctx, claim, action, record, parts), parts);
  if (claim.verb === 'run') return grant(claim, action, ctx, parts);
  if (claim.verb === 'renew') return renew(claim, record, action, ctx, parts);
  if (claim.verb === 'revoke' || claim.verb === 'suspend' || claim.verb === 'resume')
    return undo(claim, claim.verb, record, action, ctx, parts);
  throw giveUp('VERB_UNKNOWN', `Nobody knows how to carry out "${claim.verb}".`);
}

/** The grant knows who else pays for the same thing, so that it does not take ours for a stranger's. */
async function withSiblings(
  ctx: ActionContext,
  claim: StepClaim,
  action: Action,
  record: OrderRecord,
  parts: ActionParts,
): Promise<ActionContext> {
  const others = await siblingsOf(ctx.grantId, resourceOf(claim, action, record.order), parts.store);
  return { ...ctx, alsoGivenBy: others.filter(({ wanted }) => wanted !== 'revoked').map(({ id }) => id) };
}

/**
 * Tells the other side that access lasts longer, or shorter, than was said before. What was called off and never got there is
 * given instead.
 */
async function renew(
  claim: StepClaim,
  record: OrderRecord,
  action: Action,
  ctx: ActionContext,
  parts: ActionParts,
): Promise<Record<string, unknown>> {
  const ours = record.steps.filter(({ grantId }) => grantId === claim.grantId);
  const result = await resultOf(claim, ours, action, ctx, parts);
  if (!result) return grant(claim, action, await withSiblings(ctx, claim, action, record, parts), parts);
  if (!action.renew || !ctx.until) {
    throw giveUp('GRANT_NOT_RENEWABLE', `${claim.action} has nothing to renew for ${claim.grantId ?? claim.key}.`, {
      hint: `Change the end of access by hand on the other side, then run: npx handover done "${claim.key}" --because "WHY"`,
    });
  }
  return action.renew(result, claim.input, { ...ctx, until: ctx.until });
}

/** Takes a grant back, closes it or opens it again; unless another order gives the same person the same thing. */
async function undo(
  claim: StepClaim,
  verb: 'revoke' | 'suspend' | 'resume',
  record: OrderRecord,
  action: Action,
  ctx: ActionContext,
  parts: ActionParts,
): Promise<Record<string, unknown>> {
  const ours = record.steps.filter(({ grantId }) => grantId === claim.grantId);
  const resource = resourceOf(claim, action, record.order);
  const other = verb === 'resume' ? undefined : await standingElsewhere(ctx.grantId, resource, parts.store);
  if (other) return { keptFor: other.id };
  if (verb === 'resume' && isKept(ours, 'suspend')) return { nothing: true };
  const result = await resultOf(claim, ours, action, ctx, parts);
  if (!result && verb === 'resume' && action.find)
    return grant(claim, action, await withSiblings(ctx, claim, action, record, parts), parts);
  if (!result) return { nothing: true };
  if (!action[verb]) {
    throw giveUp(`ACTION_CANNOT_${verb.toUpperCase()}`, `${claim.action} cannot ${verb} by itself.`, {
      hint: `Please ${verb} it by hand on the other side, then run: npx handover done "${claim.key}" --because "WHY"`,
    });
  }
  await action[verb](result, claim.input, ctx);
  if (verb === 'revoke') await endKept(claim, record, action, parts, ctx.signal);
  return {};
}

/** The grants that this one kept standing end with it, the newest first, as they were given. */
async function endKept(
  claim: StepClaim,
  record: OrderRecord,
  action: Action,
  parts: ActionParts,
  signal: AbortSignal,
): Promise<void> {
  const { account } = findAction(claim, parts);
  for (const { record: other, given } of (
    await keptUntilNow(claim.grantId ?? '', resourceOf(claim, action, record.order), parts.store)
  ).reverse()) {
    const ctx = contextFor(given, other, account, parts, signal);
    await action.revoke?.(openOutcome(given.outcome ?? {}, action.output, parts.sealer), given.input, ctx);
  }
}

async function grant(claim: StepClaim, action: Action, ctx: ActionContext, parts: ActionParts): Promise<Record<string, unknown>> {
  const repeats = repeatsOf(action, ctx.options, claim.input);
  if (repeats === 'blind' && claim.interrupted) {
    throw giveUp(
      'OUTCOME_UNKNOWN',
      `An earlier attempt of ${claim.action} was cut short, and ${claim.account} cannot tell whether it acted.`,
      {
        hint: `Look there for ${claim.key}. If it was not done, run: npx handover retry ${claim.orderId}`,
      },
    );
  }
  const found = repeats === 'check' ? await action.find?.(claim.input, ctx) : undefined;
  if (found) return found;
  if (repeats === 'blind' && !(await parts.store.beginCall(claim))) throw tryLater('CLAIM_LOST', 'Another worker has the step.');
  return action.grant(claim.input, ctx);
}

export function repeatsOf(action: Action, options: unknown, input: Readonly<Record<string, unknown>>): Repeats {
  return typeof action.repeats === 'function' ? action.repeats(options, input) : action.repeats;
}

/** What the grant returned since it was last taken back; where that was never recorded, what `find` sees, with what the attempt remembered. Undefined: there is nothing to undo. */
async function resultOf(
  claim: StepClaim,
  steps: readonly Step[],
  action: Action,
  ctx: ActionContext,
  parts: ActionParts,
): Promise<Record<string, unknown> | undefined> {
  const lastTakenBack = steps.findLastIndex(({ verb, state }) => verb === 'revoke' && state === 'done');
  const ours = steps.slice(lastTakenBack + 1).filter(({ verb }) => verb === 'grant' || verb === 'renew');
  const done = ours.findLast(({ state, outcome }) => state === 'done' && outcome);
  if (done?.outcome) return openOutcome(done.outcome, action.output, parts.sealer);
  if (action.find) return action.find(claim.input, { ...ctx, memo: openMemo(ours.at(-1)?.memo, parts.sealer) });
  if (ours.every(({ begun }) => !begun)) return undefined;
  throw giveUp('GRANT_UNKNOWN', `${claim.action} was begun but never confirmed, so what to ${claim.verb} is not known.`, {
    hint: `Look on the other side for ${claim.grantId ?? claim.key} and ${claim.verb} it by hand, then run: npx handover done "${claim.key}" --because "WHY"`,
  });
}

/** Who the step is about: a step keeps its learner, whoever learns by now. */
function learnerOf({ terms }: Pick<StepClaim, 'terms'>, { buyer, buyerAsTold }: Order): Person {
  return terms?.learner ?? buyerAsTold ?? buyer;
}

/** Names what this step's action gives to this step's learner. Undefined where each grant is a thing of its own. */
function resourceOf(claim: StepClaim, action: Action, order: Order): string | undefined {
  const { email } = learnerOf(claim, order);
  const thing = action.resource?.(claim.input);
  return thing === undefined || email === undefined ? undefined : resourceName(claim.action, thing, email);
}

/** What an action is handed. Also used for links made at the click, which have no claim. */
export function contextFor(
  claim: StepClaim,
  { order, grants }: OrderRecord,
  account: Account,
  parts: ActionParts,
  signal: AbortSignal,
): ActionContext {
  const line = order.lines.find((each) => each.line === claim.line);
  if (!line) throw giveUp('LINE_UNKNOWN', `Order ${order.id} has no line ${claim.line ?? '?'}.`);
  const grantId = claim.grantId ?? claim.key;
  const reason = grants.find(({ id }) => id === grantId)?.reasons.find(({ withdrawn }) => !withdrawn);
  const until = claim.terms?.until;
  return {
    options: account.options,
    stepKey: claim.key,
    grantId,
    order,
    line: claim.terms?.isSeat === true ? { ...line, quantity: 1 } : line,
    unit: claim.unit ?? 1,
    learner: learnerOf(claim, order),
    since: new Date(reason?.since ?? order.paidAt ?? order.createdAt),
    http: parts.http,
    keys: parts.keys,
    ...parts.desks(claim),
    ...(until !== undefined && { until: new Date(until) }),
    alsoGivenBy: [],
    signal,
    now: parts.now,
    log: parts.log,
    memo: openMemo(claim.memo, parts.sealer),
    async remember(memo) {
      const isKept = await parts.store.rememberStep(claim, sealMemo(memo, parts.sealer));
      if (!isKept) throw tryLater('CLAIM_LOST', 'Another worker has the step.');
    },
  };
}
