import { randomBytes } from 'node:crypto';
import { type ActionContext, giveUp, oneAtATime } from 'handover/contract';
import { idOf, textOf, type Client, type Row } from './client.ts';
import { namesOf, usernameFor } from './names.ts';
import type { LearnDashOptions } from './options.ts';
import { hasCode, isUnknown } from './problems.ts';

export interface Account {
  readonly id: number;
  /** Made by this very attempt: it is in no course yet. */
  readonly isFresh: boolean;
}

export type AccountContext = Pick<ActionContext<LearnDashOptions>, 'learner' | 'line'>;

/**
 * Finds the learner's account or makes it, one at a time for each address within this process. WordPress looks for the address
 * and the user name before it writes; whoever loses that race, or the answer, finds the account by looking again.
 */
export async function accountFor(client: Client, ctx: AccountContext): Promise<Account> {
  const email = addressOf(ctx);
  return oneAtATime(`${client.settings.baseUrl} account ${email.toLowerCase()}`, async () => {
    const known = await findAccount(client, email);
    if (known) return known;
    try {
      return { id: await createAccount(client, email, ctx), isFresh: true };
    } catch (error) {
      if (!isUnknown(error) && !hasCode(error, 'LEARNDASH_USERNAME_TAKEN', 'LEARNDASH_EMAIL_TAKEN')) throw error;
      const made = await findAccount(client, email);
      if (made) return made;
      throw hasCode(error, 'LEARNDASH_USERNAME_TAKEN') ? nameTaken() : error;
    }
  });
}

/** WordPress finds parts of addresses, too, so each find is compared. Without the right to see addresses it refuses. */
async function findAccount(client: Client, email: string): Promise<Account | undefined> {
  const wanted = email.toLowerCase();
  const isIt = (row: Row) => textOf(row['email']).trim().toLowerCase() === wanted && idOf(row) > 0;
  const rows = await client.search(
    {
      what: 'find a user by mail address',
      writes: false,
      method: 'GET',
      path: '/wp/v2/users',
      query: { search: email, context: 'edit', orderby: 'id' },
    },
    (page) => page.some(isIt),
  );
  const [user, second] = rows.filter(isIt);
  if (second) {
    throw giveUp(
      'LEARNDASH_USER_AMBIGUOUS',
      `Several accounts in WordPress have the learner's mail address: users ${idOf(user)}, ${idOf(second)}.`,
      {
        hint: 'Change the address of those that are not meant, then retry the step; or enrol by hand.',
      },
    );
  }
  return user && { id: idOf(user), isFresh: false };
}

/** With a password that nobody knows: the learner sets one by "Lost your password?". WordPress mails nothing by itself here. */
async function createAccount(client: Client, email: string, { learner }: AccountContext): Promise<number> {
  const { first, last } = namesOf(learner);
  const { usernameRule, role } = client.settings;
  const row = await client.row({
    what: 'create a user',
    writes: true,
    method: 'POST',
    path: '/wp/v2/users',
    json: {
      username: usernameFor(email, usernameRule),
      email,
      password: randomBytes(24).toString('base64url'),
      roles: [role],
      ...(first !== '' && { first_name: first }),
      ...(last !== '' && { last_name: last }),
      ...(first + last !== '' && { name: `${first} ${last}`.trim() }),
    },
  });
  return idOf(row);
}

function nameTaken(): Error {
  return giveUp(
    'LEARNDASH_USERNAME_TAKEN',
    'An account in WordPress has the user name meant for the learner, but another mail address.',
    {
      hint: "If it is the learner's account, correct its address in WordPress, then retry the step; else make an account by hand.",
    },
  );
}

function addressOf({ learner, line }: AccountContext): string {
  const email = learner.email?.trim() ?? '';
  if (email !== '' && email.length <= 100) return email;
  const why =
    email === ''
      ? 'The order names no mail address'
      : "The learner's mail address has more than the 100 characters that WordPress takes";
  throw giveUp('LEARNDASH_LEARNER_UNKNOWN', `${why}, so SKU ${line.sku ?? '?'} cannot be given in LearnDash.`, {
    hint: 'Correct the address of the order, or enrol by hand.',
  });
}
