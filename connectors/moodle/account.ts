import { type ActionContext, giveUp, isMadeBy, type Memory, noteMaker, oneAtATime, tryLater } from 'handover/contract';
import { extraFields, passwordFields, type AccountInput } from './account-fields.ts';
import { idOf, textOf, type Client, type Row } from './client.ts';
import { mostCharacters, namesOf, usernameFor } from './names.ts';
import type { MoodleOptions } from './options.ts';
import { hasCode, isUnknown } from './problems.ts';

export interface Account {
  readonly id: number;
  /** Empty where the token's account may not see user names. */
  readonly username: string;
  /** Made by this order, so that signing its buyer in gives away nobody else's account. */
  readonly isNew: boolean;
  /** Made by this very attempt: it has no enrolment to look for. */
  readonly isFresh: boolean;
}

export type AccountContext = Pick<ActionContext<MoodleOptions>, 'learner' | 'order' | 'line'>;

/**
 * Finds the learner's account or makes it. Within this process one address is dealt with at a time; between processes the user
 * name is the lock, since Moodle takes each name once. Whoever loses the race, or the answer, finds the account by looking again.
 */
export async function accountFor(client: Client, input: AccountInput, memory: Memory, ctx: AccountContext): Promise<Account> {
  const email = addressOf(ctx);
  const { baseUrl } = client.settings;
  return oneAtATime(`${baseUrl} account ${email.toLowerCase()}`, async () => {
    const known = await findAccount(client, email, memory, ctx);
    if (known) return known;
    const username = usernameFor(email, client.settings.usernameRule);
    await memory.keep('creating', username);
    try {
      const id = await createAccount(client, username, email, input, ctx);
      noteMaker(baseUrl, id, ctx.order.id);
      return { id, username, isNew: true, isFresh: true };
    } catch (error) {
      const isRefused = hasCode(error, 'MOODLE_INVALID', 'MOODLE_WRITE_FAILED');
      if (!isRefused && !isUnknown(error)) throw error;
      if (isRefused) await memory.keep('creating', '');
      const made = await findAccount(client, email, memory, ctx).catch((second: unknown) =>
        Promise.reject((isRefused ? second : error) as Error),
      );
      if (made) return made;
      throw hasCode(error, 'MOODLE_INVALID') ? await explainRefusal(client, username, ctx) : error;
    }
  });
}

/**
 * The account with exactly this address. Moodle's search takes `_` and `%` for wildcards, so every find is compared again;
 * its exact look-up would tell capital letters apart. A suspended account is nobody's way in, and no reason to make a second.
 */
async function findAccount(
  client: Client,
  email: string,
  memory: Memory,
  { order, line }: AccountContext,
): Promise<Account | undefined> {
  const found = await findByEmail(client, email);
  const usable = found.filter((row) => row['suspended'] !== true);
  if (usable.length > 1) {
    const ids = usable.map((row) => idOf(row)).join(', ');
    throw giveUp('MOODLE_USER_AMBIGUOUS', `Several accounts in Moodle have the learner's mail address: users ${ids}.`, {
      hint: 'Change the address of those that are not meant, then retry the step; or give access by hand.',
    });
  }
  const [user] = usable;
  if (user) return asAccount(client, user, memory, order.id);
  const [suspended] = found;
  if (!suspended) return undefined;
  throw giveUp(
    'MOODLE_USER_SUSPENDED',
    `The learner's account (user ${idOf(suspended)}) is suspended in Moodle, so SKU ${line.sku ?? '?'} is not given.`,
    { hint: 'Activate the account, then retry the step; or refund the buyer.' },
  );
}

export async function findByEmail(client: Client, email: string): Promise<readonly Row[]> {
  const users = await client.rowsIn('core_user_get_users', 'users', {
    what: 'find a user by mail address',
    writes: false,
    parameters: { criteria: [{ key: 'email', value: email }] },
  });
  const wanted = email.toLowerCase();
  return users.filter((row) => textOf(row['email']).trim().toLowerCase() === wanted && idOf(row) > 0);
}

function asAccount(client: Client, row: Row, memory: Memory, orderId: string): Account {
  const id = idOf(row);
  const creating = textOf(memory.recall('creating'));
  const username = textOf(row['username']);
  const isOurs = creating !== '' && (username === '' || username === creating);
  if (isOurs) noteMaker(client.settings.baseUrl, id, orderId);
  return { id, username: username || creating, isNew: isOurs || isMadeBy(client.settings.baseUrl, id, orderId), isFresh: false };
}

async function createAccount(
  client: Client,
  username: string,
  email: string,
  { account = {} }: AccountInput,
  { learner }: AccountContext,
): Promise<number> {
  const fields = { username, email, auth: client.settings.auth, ...namesOf(learner), ...extraFields(account) };
  const rows = await client.rows('core_user_create_users', {
    what: 'create a user',
    writes: true,
    parameters: { users: [{ ...fields, ...passwordFields(client.settings) }] },
  });
  const id = idOf(rows[0]);
  if (id > 0) return id;
  throw tryLater('MOODLE_UNREADABLE', 'Moodle confirmed the new account without naming its id.', { unknown: true });
}

/** Moodle does not say why it refuses an account. The one reason that can be seen is a user name somebody else has. */
async function explainRefusal(client: Client, username: string, { line }: AccountContext): Promise<Error> {
  const rows = await client.rows('core_user_get_users_by_field', {
    what: 'find a user by user name',
    writes: false,
    parameters: { field: 'username', values: [username] },
  });
  if (rows[0]) {
    return giveUp(
      'MOODLE_USERNAME_TAKEN',
      `User ${idOf(rows[0])} in Moodle has the user name meant for the learner, but another mail address.`,
      {
        hint: "If it is the learner's account, correct its address in Moodle, then retry the step; else make an account by hand.",
      },
    );
  }
  return giveUp(
    'MOODLE_ACCOUNT_REFUSED',
    `Moodle refuses an account for the learner of SKU ${line.sku ?? '?'} and does not say why.`,
    {
      hint: 'Run "npx handover check --online": without moodle/site:viewuseridentity or moodle/user:viewdetails accounts are there but not found. Otherwise a field of "with.account" or the address is not acceptable; make the account by hand, then retry the step.',
    },
  );
}

function addressOf({ learner, line }: AccountContext): string {
  const email = learner.email?.trim() ?? '';
  if (email === '') {
    throw giveUp(
      'MOODLE_LEARNER_UNKNOWN',
      `The order names no mail address, so SKU ${line.sku ?? '?'} cannot be given in Moodle.`,
      {
        hint: 'Add the address to the order, or give access by hand.',
      },
    );
  }
  if (Array.from(email).length <= mostCharacters) return email;
  throw giveUp(
    'MOODLE_EMAIL_TOO_LONG',
    `The learner's mail address has more than the ${mostCharacters} characters that Moodle takes.`,
    {
      hint: 'Ask the learner for a shorter one and give access by hand.',
    },
  );
}
