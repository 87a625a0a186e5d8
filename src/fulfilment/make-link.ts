import type { Action, ActionContext } from '../contract/connector.ts';
import { giveUp, tryLater } from '../contract/errors.ts';
import type { OfferedFile } from '../contract/files.ts';
import type { OrderRecord } from '../storage/store.ts';
import { contextFor, findAction, type ActionParts } from './run-action.ts';
import { openOutcome } from './sealed-outcome.ts';

const patienceMs = 15_000;

/** A fresh address for a click, asked from the other side now and kept nowhere. Only `http:` and `https:` addresses. */
export async function makeLink(record: OrderRecord, grantId: string, parts: ActionParts): Promise<string> {
  const { name, action, result, input, ctx } = givenBy(record, grantId, parts);
  if (!action.link) throw giveUp('ACTION_HAS_NO_LINK', `${name} makes no links.`);
  const address = await action.link(result, input, ctx);
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address))
    throw giveUp('LINK_UNUSABLE', `${name} gave no usable web address.`);
  return address;
}

/** One version of a grant's file, as it is to be handed out at this moment. */
export async function offerFile(record: OrderRecord, grantId: string, version: string, parts: ActionParts): Promise<OfferedFile> {
  const { name, action, result, input, ctx } = givenBy(record, grantId, parts);
  if (!action.file) throw giveUp('ACTION_HAS_NO_FILE', `${name} hands out no files.`);
  return action.file(version, result, input, ctx);
}

interface Given {
  readonly name: string;
  readonly action: Action;
  readonly result: Record<string, unknown>;
  readonly input: Record<string, unknown>;
  readonly ctx: ActionContext;
}

/** What a grant gave, with the action that gave it. Throws `GRANT_NOT_READY`. */
function givenBy(record: OrderRecord, grantId: string, parts: ActionParts): Given {
  const step = record.steps.findLast(
    (each) => each.grantId === grantId && each.state === 'done' && (each.verb === 'grant' || each.verb === 'renew'),
  );
  if (!step) throw tryLater('GRANT_NOT_READY', `${grantId} is not ready yet.`);
  const { account, action } = findAction(step, parts);
  const claim = { ...step, fence: 0, worker: 'link', cutShort: 0, interrupted: false };
  return {
    name: step.action,
    action,
    result: openOutcome(step.outcome ?? {}, action.output, parts.sealer),
    input: step.input,
    ctx: contextFor(claim, record, account, parts, AbortSignal.timeout(patienceMs)),
  };
}
