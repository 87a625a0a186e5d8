import { type ActionContext, giveUp, oneAtATime, textOf, tryLater } from 'handover/contract';
import type { Client } from './client.ts';
import { nameOf } from './names.ts';
import type { CanvasOptions } from './options.ts';
import { hasCode } from './problems.ts';
import { idOf } from './rows.ts';

export type AccountContext = Pick<ActionContext<CanvasOptions>, 'learner' | 'line'>;

/**
 * The id of the learner's account, which is made where there is none. Within this process one address is dealt with at a time;
 * between processes the login is the lock, which Canvas takes once. Whoever loses the race finds the account by looking again.
 */
export async function accountFor(client: Client, ctx: AccountContext): Promise<string> {
  const email = addressOf(ctx);
  return oneAtATime(`${client.settings.baseUrl} account ${email.toLowerCase()}`, async () => {
    const known = await findAccount(client, email);
    if (known !== undefined) return known;
    try {
      return await createAccount(client, email, ctx);
    } catch (error) {
      if (!hasCode(error, 'CANVAS_REFUSED')) throw error;
      const made = await findAccount(client, email);
      if (made !== undefined) return made;
      throw tryLater('CANVAS_ACCOUNT_REFUSED', `Canvas refuses an account for the learner of SKU ${ctx.line.sku ?? '?'}.`, {
        hint: 'The login may belong to somebody the token cannot see, or a deleted user. Make the account by hand, then retry the step.',
      });
    }
  });
}

/** The search looks for parts of words, so what it finds is compared again, by address and by login. */
async function findAccount(client: Client, email: string): Promise<string | undefined> {
  const rows = await client.rows({
    method: 'GET',
    path: `/accounts/${client.settings.accountId}/users`,
    query: [
      ['search_term', email],
      ['include[]', 'email'],
    ],
    what: 'find a user by mail address',
    writes: false,
  });
  const wanted = email.toLowerCase();
  const isMeant = (value: unknown) => textOf(value).trim().toLowerCase() === wanted;
  const found = rows.filter((row) => idOf(row) !== '' && (isMeant(row['email']) || isMeant(row['login_id'])));
  const ids = [...new Set(found.map((row) => idOf(row)))];
  if (ids.length < 2) return ids[0];
  throw giveUp('CANVAS_USER_AMBIGUOUS', `Several users in Canvas have the learner's mail address: users ${ids.join(', ')}.`, {
    hint: 'Merge them in Canvas, or change the address of those that are not meant, then retry the step.',
  });
}

async function createAccount(client: Client, email: string, { learner }: AccountContext): Promise<string> {
  const { accountId, confirmationMail } = client.settings;
  const row = await client.row({
    method: 'POST',
    path: `/accounts/${accountId}/users`,
    json: {
      user: { name: nameOf(learner), skip_registration: !confirmationMail },
      pseudonym: { unique_id: email.toLowerCase(), send_confirmation: confirmationMail },
      communication_channel: { type: 'email', address: email, skip_confirmation: !confirmationMail },
    },
    what: 'create a user',
    writes: true,
  });
  if (idOf(row) !== '') return idOf(row);
  throw tryLater('CANVAS_UNREADABLE', 'Canvas confirmed the new user without naming its id.', { unknown: true });
}

function addressOf({ learner, line }: AccountContext): string {
  const email = learner.email?.trim() ?? '';
  if (email !== '') return email;
  throw giveUp(
    'CANVAS_LEARNER_UNKNOWN',
    `The order names no mail address, so SKU ${line.sku ?? '?'} cannot be given in Canvas.`,
    {
      hint: 'Add the address to the order, or give access by hand.',
    },
  );
}
