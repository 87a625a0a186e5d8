import { randomBytes } from 'node:crypto';
import { type ActionContext, giveUp, oneAtATime, type Person, type Row, textOf, tryLater } from 'handover/contract';
import { idOf, type Client } from './client.ts';
import type { DoceboOptions } from './options.ts';
import { hasCode, isUnknown } from './problems.ts';

export type AccountContext = Pick<ActionContext<DoceboOptions>, 'learner' | 'line'>;

/**
 * The number of the learner's account, which is made if there is none. One address at a time within this process; between
 * processes the user name, which is the address, is the lock. Whoever loses that race, or the answer, finds it by looking again.
 */
export async function accountFor(client: Client, ctx: AccountContext): Promise<number> {
  const email = addressOf(ctx);
  return oneAtATime(`${client.settings.baseUrl} account ${email.toLowerCase()}`, async () => {
    const known = await findUser(client, email);
    if (known !== undefined) return known;
    try {
      await createUser(client, email, ctx);
    } catch (error) {
      const isRefused = hasCode(error, 'DOCEBO_REFUSED', 'DOCEBO_NOT_CONFIRMED');
      if (!isRefused && !isUnknown(error)) throw error;
      const made = await findUser(client, email);
      if (made !== undefined) return made;
      throw isRefused ? accountRefused(ctx) : error;
    }
    const made = await findUser(client, email);
    if (made !== undefined) return made;
    throw tryLater('DOCEBO_NOT_CONFIRMED', 'Docebo made an account for the learner, but does not find it.', {
      hint: 'See whether the account is there in Docebo; it may lack the right to see it.',
    });
  });
}

/** Docebo finds parts of names and addresses, so each find is compared. */
async function findUser(client: Client, email: string): Promise<number | undefined> {
  const wanted = email.toLowerCase();
  const isIt = (row: Row) => textOf(row['email']).trim().toLowerCase() === wanted && idOf(row, 'user_id') > 0;
  const rows = await client.search(
    { what: 'find a user by mail address', writes: false, method: 'GET', path: '/manage/v1/user', query: { search_text: email } },
    () => false,
  );
  const [user, second] = rows.filter(isIt);
  if (second) {
    const ids = [user, second].map((row) => idOf(row, 'user_id')).join(', ');
    throw giveUp('DOCEBO_USER_AMBIGUOUS', `Several accounts in Docebo have the learner's mail address: users ${ids}.`, {
      hint: 'Change the address of those that are not meant, then retry the step; or enrol by hand.',
    });
  }
  return user && idOf(user, 'user_id');
}

/** With a password that nobody knows. What comes back is not relied on: the account is looked up again. */
async function createUser(client: Client, email: string, { learner }: AccountContext): Promise<void> {
  const { usernameField, sendAccountMail } = client.settings;
  const data = await client.data({
    ...{ what: 'create a user', writes: true, method: 'POST', path: '/manage/v1/user' },
    json: {
      [usernameField]: email.toLowerCase(),
      email,
      ...namesOf(learner),
      password: `${randomBytes(18).toString('base64url')}aA1!`,
      send_notification_email: sendAccountMail,
    },
  });
  if (data['success'] !== false) return;
  throw giveUp('DOCEBO_NOT_CONFIRMED', 'Docebo did not make an account for the learner.', {
    hint: 'Make the account by hand, then retry the step.',
  });
}

function namesOf({ name = '', firstName = '', lastName = '' }: Person): { firstname: string; lastname: string } {
  const words = clean(name).split(' ');
  const [first, last] = [clean(firstName), clean(lastName)];
  if (first !== '' || last !== '') return { firstname: first, lastname: last };
  return { firstname: words.slice(0, -1).join(' '), lastname: words.at(-1) ?? '' };
}

function clean(text: string): string {
  const plain = text
    .toWellFormed()
    .replace(/[<>\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return Array.from(plain).slice(0, 100).join('');
}

function accountRefused({ line }: AccountContext): Error {
  return giveUp('DOCEBO_ACCOUNT_REFUSED', `Docebo refuses an account for the learner of SKU ${line.sku ?? '?'}.`, {
    hint: 'The address may be taken as a user name, a required field may be missing, or "usernameField" wrong. Make the account by hand, then retry the step.',
  });
}

function addressOf({ learner, line }: AccountContext): string {
  const email = learner.email?.trim() ?? '';
  if (email !== '') return email;
  throw giveUp(
    'DOCEBO_LEARNER_UNKNOWN',
    `The order names no mail address, so SKU ${line.sku ?? '?'} cannot be given in Docebo.`,
    {
      hint: 'Add the address to the order, or enrol by hand.',
    },
  );
}
