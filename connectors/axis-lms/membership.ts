import { type ActionContext, giveUp, type Memory, oneAtATime } from 'handover/contract';
import { accountFor, findAccount, type Account, type AccountInput } from './account.ts';
import { attempt } from './memory.ts';
import { settingsOf, type AxisOptions } from './options.ts';
import type { AxisApi, Connect, Memberships, Target } from './port.ts';
import { hasCode, isRefusal, isUnknown } from './problems.ts';
import { explainRefusal } from './refusal.ts';

/** What joining a learning path or usergroup returns. */
export type Membership = {
  readonly userId: string;
  readonly username: string;
  readonly targetId: string;
  readonly targetName: string;
  readonly portalUrl: string;
  readonly isNewAccount: boolean;
  /** The learner was in before, so there is nothing of ours to take back. */
  readonly wasIn: boolean;
};

/** Which memberships are meant, and how to speak of them. */
export interface MembershipKind {
  readonly noun: string;
  readonly setting: string;
  of(api: AxisApi): Memberships | undefined;
}

type Context = ActionContext<AxisOptions>;
type Named = AccountInput & { readonly target: string };

/**
 * Joining, looking, leaving. The other side refuses to add a member and to remove a stranger, so what counts is read: before a
 * write, and again when it was refused or lost its answer.
 */
export function membershipVerbs(kind: MembershipKind, connect: Connect) {
  return {
    join: (input: Named, ctx: Context): Promise<Membership> =>
      attempt(ctx, async (memory) => {
        const { api, memberships, target } = await open(kind, connect, input.target, ctx);
        const account = await accountFor(api, input, settingsOf(ctx.options).openEnd, memory, ctx);
        return alone(kind, target, account, ctx, async () => {
          const isIn = await memberships.has(target, account);
          const wasIn = isIn && !isOurs(memory, target, account);
          const membership = describe(target, account, wasIn, ctx);
          if (isIn) return membership;
          await memory.keep('joining', membership);
          await change(memberships, target, account, true, async (error) => {
            throw await explainRefusal(api, error, { account, line: ctx.line });
          });
          return membership;
        });
      }),

    find: (input: Named, ctx: Context): Promise<Membership | undefined> =>
      attempt(ctx, async (memory) => {
        const api = connect(ctx);
        const memberships = kind.of(api);
        const target = await memberships?.find(input.target);
        const account = target && (await findAccount(api, input, memory, ctx));
        if (!account || !(await memberships?.has(target, account))) return undefined;
        return describe(target, account, !isOurs(memory, target, account), ctx);
      }),

    leave: (result: Membership, ctx: Context): Promise<void> =>
      attempt(ctx, async () => {
        if (result.wasIn) return;
        const memberships = kind.of(connect(ctx)) ?? notHere(kind);
        const [target, user] = [targetOf(result), { id: result.userId }];
        await alone(kind, target, user, ctx, () =>
          change(memberships, target, user, false, (error) => {
            throw error as Error;
          }),
        );
      }),

    rejoin: (result: Membership, ctx: Context): Promise<void> =>
      attempt(ctx, async () => {
        const api = connect(ctx);
        const memberships = kind.of(api) ?? notHere(kind);
        const [target, user] = [targetOf(result), { id: result.userId, username: result.username }];
        await alone(kind, target, user, ctx, async () => {
          if (await memberships.has(target, user)) return;
          await change(memberships, target, user, true, async (error) => {
            throw await explainRefusal(api, error, { account: user, line: ctx.line });
          });
        });
      }),
  };
}

async function open(kind: MembershipKind, connect: Connect, name: string, ctx: Context) {
  const api = connect(ctx);
  const memberships = kind.of(api) ?? notHere(kind);
  const target = await memberships.find(name);
  if (target) return { api, memberships, target };
  throw giveUp('AXIS_TARGET_UNKNOWN', `Axis LMS has no active ${kind.noun} ${name}, which SKU ${ctx.line.sku ?? '?'} names.`, {
    hint: `Correct "${kind.setting}" in the product file, or create or activate it in Axis; then retry the step.`,
  });
}

/** Adds or removes, and takes the state for the answer where the answer is a refusal or missing. */
async function change(
  memberships: Memberships,
  target: Target,
  user: Pick<Account, 'id'>,
  isToBeIn: boolean,
  onRefusal: (error: unknown) => Promise<void> | void,
): Promise<void> {
  try {
    await (isToBeIn ? memberships.add(target, user) : memberships.remove(target, user));
  } catch (error) {
    if (!isRefusal(error) && !isUnknown(error)) throw error;
    const isIn = await memberships.has(target, user).catch((second: unknown) => {
      if (!isToBeIn && hasCode(second, 'AXIS_NOT_FOUND')) return false;
      throw (isRefusal(error) ? second : error) as Error;
    });
    if (isIn === isToBeIn) return;
    if (isRefusal(error)) return onRefusal(error);
    throw error;
  }
}

function alone<T>(
  kind: MembershipKind,
  target: Target,
  user: Pick<Account, 'id'>,
  ctx: Context,
  work: () => Promise<T>,
): Promise<T> {
  return oneAtATime(`${settingsOf(ctx.options).baseUrl} ${kind.noun} ${target.id} user ${user.id}`, work);
}

function describe(target: Target, account: Account, wasIn: boolean, { options }: Context): Membership {
  return {
    userId: account.id,
    username: account.username,
    targetId: target.id,
    targetName: target.name,
    portalUrl: settingsOf(options).portalUrl,
    isNewAccount: account.isNew,
    wasIn,
  };
}

function isOurs(memory: Memory, target: Target, account: Account): boolean {
  const joining = memory.recall('joining') as Membership | undefined;
  return joining?.targetId === target.id && joining.userId === account.id;
}

function targetOf({ targetId, targetName }: Membership): Target {
  return { id: targetId, name: targetName };
}

function notHere({ noun }: MembershipKind): never {
  throw giveUp('AXIS_NEEDS_REST', `A ${noun} can be given over the REST API of Axis LMS only.`, {
    hint: 'Set "api": "rest" for this account, or enrol in the courses one by one.',
  });
}
