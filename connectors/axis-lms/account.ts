import { type ActionContext, giveUp, type Memory, type Person, tryLater } from 'handover/contract';
import { fieldsFor, type ExtraFields } from './account-fields.ts';
import { settingsOf, type AxisOptions, type Settings } from './options.ts';
import type { AxisApi, AxisUser } from './port.ts';
import { isRefusal, isUnknown } from './problems.ts';
import { userInactive } from './refusal.ts';
import { legalUsername, usernameFor } from './username.ts';

/** What an action's input may say about the account. */
export interface AccountInput {
  /** Instead of the one computed from the mail address. */
  readonly username?: string;
  /** Further fields of an account that has to be made. Existing accounts are left as they are. */
  readonly account?: ExtraFields;
}

export interface Account extends AxisUser {
  /** Made by this order, so that signing its buyer in gives away nobody else's account. */
  readonly isNew: boolean;
}

export type AccountContext = Pick<ActionContext<AxisOptions>, 'options' | 'learner' | 'order' | 'line' | 'now'>;

/** Finds the learner's account; undefined when there is none to be seen. Makes nothing. */
export async function findAccount(
  api: AxisApi,
  input: AccountInput,
  memory: Memory,
  ctx: AccountContext,
): Promise<Account | undefined> {
  const settings = settingsOf(ctx.options);
  const found = await lookUp(api, usernameOf(input, ctx.learner, settings), ctx.learner.email, settings);
  return found && { ...found, isNew: found.orderId === ctx.order.id || memory.recall('madeUser') === found.id };
}

/**
 * Finds the learner's account or makes it. The user name is the lock: Axis takes each name once, so whoever loses the race,
 * or the answer, finds the account by looking again. `neededUntil`: the last day the account has to work.
 */
export async function accountFor(
  api: AxisApi,
  input: AccountInput,
  neededUntil: string,
  memory: Memory,
  ctx: AccountContext,
): Promise<Account> {
  const settings = settingsOf(ctx.options);
  const { learner, order } = ctx;
  const username = usernameOf(input, learner, settings);
  const known = await findAccount(api, input, memory, ctx);
  if (known) return known;
  const fields = fieldsFor(learner, input.account ?? {}, settings.orderField, order.id);
  try {
    const id = await api.createUser(username, fields);
    if (id !== '') {
      await memory.keep('madeUser', id);
      return { id, username, isNew: true };
    }
  } catch (error) {
    if (!isRefusal(error) && !isUnknown(error)) throw error;
    const made = await findAccount(api, input, memory, ctx).catch((second: unknown) =>
      Promise.reject((isRefusal(error) ? second : error) as Error),
    );
    if (made) return made;
    if (!isRefusal(error)) throw error;
    const inactive = await api.findInactive(username);
    if (!inactive) throw error;
    return { ...(await revive(api, inactive, neededUntil, ctx)), isNew: false };
  }
  const made = await findAccount(api, input, memory, ctx);
  if (made) return { ...made, isNew: true };
  throw tryLater('AXIS_UNREADABLE', 'Axis LMS confirmed the new account but neither named its id nor finds it.', {
    unknown: true,
  });
}

async function lookUp(
  api: AxisApi,
  username: string,
  email: string | undefined,
  settings: Settings,
): Promise<AxisUser | undefined> {
  const byName = onlyOne(await api.findUsers('username', username), 'user name');
  if (byName || !settings.matchByEmail || email === undefined || email.includes(',')) return byName;
  return onlyOne(await api.findUsers('email', email.trim()), 'mail address');
}

function onlyOne(users: readonly AxisUser[], what: string): AxisUser | undefined {
  if (users.length < 2) return users[0];
  const ids = users.map(({ id }) => id).join(', ');
  throw giveUp('AXIS_USER_AMBIGUOUS', `Several Axis accounts have the learner's ${what}: users ${ids}.`, {
    hint: 'Merge them in Axis, or give the learner access by hand; "matchByEmail": false makes an account of its own instead.',
  });
}

function usernameOf({ username }: AccountInput, { email }: Person, { usernameRule }: Settings): string {
  const asked = username?.trim();
  if (asked !== undefined && asked !== '') {
    if (legalUsername.test(asked)) return asked;
    throw giveUp('AXIS_USERNAME_ILLEGAL', 'The user name that "with.username" gives is none for Axis LMS.', {
      hint: 'It takes 4 to 40 letters, digits and the signs @ . _ -',
    });
  }
  if (email !== undefined && email.trim() !== '') return usernameFor(email, usernameRule);
  throw giveUp(
    'AXIS_LEARNER_UNKNOWN',
    'The order names no mail address, so no Axis account can be found or made for the learner.',
    {
      hint: 'Add the address to the order, or set "with.username".',
    },
  );
}

/** An account may have run out by its own expiration date. Only that can be changed over the API, and only if the owner said so. */
async function revive(api: AxisApi, user: AxisUser, neededUntil: string, ctx: AccountContext): Promise<AxisUser> {
  const settings = settingsOf(ctx.options);
  if (settings.extendAccounts && api.setAccountEnd && user.expires !== undefined && user.expires < neededUntil) {
    await api.setAccountEnd(user, neededUntil);
    return { ...user, expires: neededUntil };
  }
  throw userInactive(user.id, ctx.line);
}

/** Keeps an account alive as long as what was bought, where the owner allows it. */
export async function outlast(api: AxisApi, account: AxisUser, day: string, settings: Settings): Promise<void> {
  if (!settings.extendAccounts || account.expires === undefined || account.expires >= day) return;
  await api.setAccountEnd?.(account, day);
}
