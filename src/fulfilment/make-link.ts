import { giveUp, tryLater } from '../contract/errors.ts';
import type { OrderRecord } from '../storage/store.ts';
import { contextFor, findAction, type ActionParts } from './run-action.ts';
import { openOutcome } from './sealed-outcome.ts';

const patienceMs = 15_000;

/** A fresh address for a click, asked from the other side now and kept nowhere. Only `http:` and `https:` addresses. */
export async function makeLink(record: OrderRecord, grantId: string, parts: ActionParts): Promise<string> {
  const step = record.steps.findLast(
    (each) => each.grantId === grantId && each.state === 'done' && (each.verb === 'grant' || each.verb === 'renew'),
  );
  if (!step) throw tryLater('GRANT_NOT_READY', `${grantId} is not ready yet.`);
  const { account, action } = findAction(step, parts);
  if (!action.link) throw giveUp('ACTION_HAS_NO_LINK', `${step.action} makes no links.`);
  const claim = { ...step, fence: 0, worker: 'link', cutShort: 0, interrupted: false };
  const ctx = contextFor(claim, record, account, parts, AbortSignal.timeout(patienceMs));
  const address = await action.link(openOutcome(step.outcome ?? {}, action.output, parts.sealer), step.input, ctx);
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address))
    throw giveUp('LINK_UNUSABLE', `${step.account} gave no usable web address.`);
  return address;
}
