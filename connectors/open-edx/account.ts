import { randomBytes } from 'node:crypto';
import { type ActionContext, giveUp, oneAtATime, textOf } from 'handover/contract';
import type { Client } from './client.ts';
import { nameOf, usernameFor } from './names.ts';
import type { OpenEdxOptions } from './options.ts';
import { hasCode } from './problems.ts';

export type AccountContext = Pick<ActionContext<OpenEdxOptions>, 'learner' | 'line'>;

/**
 * The user name of the learner's account, which is made where there is none. Within this process one address is dealt with at a
 * time; between processes address and user name are the lock, which Open edX takes once each.
 */
export async function accountFor(client: Client, ctx: AccountContext): Promise<string> {
  const email = addressOf(ctx);
  const sku = ctx.line.sku ?? '?';
  return oneAtATime(`${client.settings.baseUrl} account ${email.toLowerCase()}`, async () => {
    const known = await findAccount(client, email);
    if (known !== undefined) return known;
    if (client.settings.accounts === 'ask') {
      throw giveUp('EDX_NO_ACCOUNT', `The learner of SKU ${sku} has no account in Open edX.`, {
        hint: 'Ask the learner to register with the address of the order, then retry the step.',
      });
    }
    try {
      return await register(client, email, ctx);
    } catch (error) {
      if (!hasCode(error, 'EDX_TAKEN', 'EDX_REFUSED', 'EDX_RIGHT_MISSING', 'EDX_NOT_FOUND')) throw error;
      const made = await findAccount(client, email);
      if (made !== undefined) return made;
      throw giveUp('EDX_ACCOUNT_REFUSED', `Open edX does not register the learner of SKU ${sku}.`, {
        hint: 'Registration may be closed or ask for further fields: see "registration". Or ask the learner to register, then retry the step.',
      });
    }
  });
}

/** Staff may look for an address; one without an account is a 404. The answer is compared again. */
async function findAccount(client: Client, email: string): Promise<string | undefined> {
  try {
    const call = { method: 'GET', path: '/api/user/v1/accounts', what: 'find a user by mail address', writes: false } as const;
    const rows = await client.rows({ ...call, query: { email } });
    const found = rows.find((row) => textOf(row['email']).trim().toLowerCase() === email.toLowerCase());
    return textOf(found?.['username']) || undefined;
  } catch (error) {
    if (hasCode(error, 'EDX_NOT_FOUND')) return undefined;
    throw error;
  }
}

/** Nobody knows the password: the learner asks Open edX for a new one. */
async function register(client: Client, email: string, { learner }: AccountContext): Promise<string> {
  const username = usernameFor(email);
  const password = `aA1-${randomBytes(18).toString('base64url')}`;
  await client.row({
    method: 'POST',
    path: '/api/user/v1/account/registration/',
    form: { ...client.settings.registration, email, username, name: nameOf(learner), password },
    what: 'register a user',
    writes: true,
  });
  return username;
}

function addressOf({ learner, line }: AccountContext): string {
  const email = learner.email?.trim() ?? '';
  if (email !== '') return email;
  throw giveUp('EDX_LEARNER_UNKNOWN', `The order names no mail address, so SKU ${line.sku ?? '?'} cannot be given in Open edX.`, {
    hint: 'Add the address to the order, or give access by hand.',
  });
}
