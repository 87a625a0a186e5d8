import { giveUp, type OrderLine } from 'handover/contract';
import { courseFor } from './course.ts';
import type { AxisApi, AxisUser } from './port.ts';

/** Why an enrolment was refused, found by reading what is there. Falls back on the refusal itself. */
export async function explainRefusal(
  api: AxisApi,
  refusal: unknown,
  { course, account, line }: { course?: string; account: Pick<AxisUser, 'username'>; line: Pick<OrderLine, 'sku'> },
): Promise<Error> {
  try {
    if (course !== undefined) await courseFor(api, course, line);
    const users = await api.findUsers('username', account.username);
    const inactive = await api.findInactive(account.username);
    if (inactive) return userInactive(inactive.id, line);
    if (users.length === 0) return userGone(line);
  } catch (error) {
    return error as Error;
  }
  return refusal as Error;
}

export function userInactive(id: string, { sku = '?' }: Pick<OrderLine, 'sku'>): Error {
  return giveUp('AXIS_USER_INACTIVE', `The learner's Axis account (user ${id}) is not active, so SKU ${sku} cannot be given.`, {
    hint: 'Activate it in Axis, then retry the step. If it only expired, "extendAccounts": true lets us move the date.',
  });
}

function userGone({ sku = '?' }: Pick<OrderLine, 'sku'>): Error {
  return giveUp(
    'AXIS_USER_GONE',
    `The learner's Axis account is no longer there, or is not active, so SKU ${sku} cannot be given.`,
    {
      hint: 'Look for it in Axis and activate it. If it is gone, retry the step: it makes a new one.',
    },
  );
}
