import { createHash } from 'node:crypto';
import {
  type ActionContext,
  giveUp,
  isMadeBy,
  type Memory,
  noteMaker,
  oneAtATime,
  type Person,
  type Row,
  textOf,
} from 'handover/contract';
import type { Client } from './client.ts';
import type { LearnWorldsOptions, Settings } from './options.ts';
import { hasCode, isUnknown } from './problems.ts';

export interface Account {
  readonly id: string;
  /** Made by this order, so that signing its buyer in gives away nobody else's account. */
  readonly isNew: boolean;
}

export type AccountContext = Pick<ActionContext<LearnWorldsOptions>, 'learner' | 'order' | 'line'>;

/**
 * Finds the learner's account or makes it, one at a time for each address within this process. LearnWorlds keeps addresses unique;
 * whoever loses the race, or the answer, finds the account by looking again.
 */
export async function accountFor(client: Client, memory: Memory, ctx: AccountContext): Promise<Account> {
  const email = addressOf(ctx);
  const { schoolUrl } = client.settings;
  const username = usernameOf(ctx.learner, email, client.settings);
  const find = async (): Promise<Account | undefined> => {
    const row = await findUser(client, email);
    if (!row) return undefined;
    const id = textOf(row['id']);
    const isOurs = memory.recall('creating') === username && textOf(row['username']) === username;
    if (isOurs) noteMaker(schoolUrl, id, ctx.order.id);
    return { id, isNew: isOurs || isMadeBy(schoolUrl, id, ctx.order.id) };
  };
  return oneAtATime(`${schoolUrl} account ${email.toLowerCase()}`, async () => {
    const known = await find();
    if (known) return known;
    await memory.keep('creating', username);
    try {
      const id = await createUser(client, email, username);
      noteMaker(schoolUrl, id, ctx.order.id);
      return { id, isNew: true };
    } catch (error) {
      const isRefused = hasCode(error, 'LEARNWORLDS_REFUSED');
      if (!isRefused && !isUnknown(error)) throw error;
      if (isRefused) await memory.keep('creating', '');
      const made = await find();
      if (made) return made;
      throw isRefused ? accountRefused(ctx) : error;
    }
  });
}

/** An address is as good as an id here. That it is the right one is looked at all the same. */
export async function findUser(client: Client, email: string): Promise<Row | undefined> {
  const row = await client.rowIfThere({
    what: 'find a user by mail address',
    writes: false,
    method: 'GET',
    path: `/v2/users/${encodeURIComponent(email)}`,
  });
  if (!row) return undefined;
  if (textOf(row['id']) !== '' && textOf(row['email']).trim().toLowerCase() === email.toLowerCase()) return row;
  throw giveUp('LEARNWORLDS_USER_UNCLEAR', "LearnWorlds answered with somebody else when asked for the learner's mail address.", {
    hint: 'Enrol the learner by hand, then mark the step done.',
  });
}

async function createUser(client: Client, email: string, username: string): Promise<string> {
  const call = { what: 'create a user', writes: true, method: 'POST', path: '/v2/users', json: { email, username } } as const;
  return textOf((await client.row(call))['id']);
}

function usernameOf(person: Person, email: string, { usernameRule }: Settings): string {
  const code = createHash('sha256').update(email.toLowerCase()).digest('hex');
  const full = (person.name ?? '').trim() === '' ? `${person.firstName ?? ''} ${person.lastName ?? ''}` : (person.name ?? '');
  const name = Array.from(
    full
      .toWellFormed()
      .replace(/[<>\p{Cc}\p{Cf}]/gu, ' ')
      .replace(/\s+/gu, ' ')
      .trim(),
  )
    .slice(0, 60)
    .join('');
  if (usernameRule === 'hash' || name === '') return `shop-${code.slice(0, 24)}`;
  return usernameRule === 'name' ? name : `${name} ${code.slice(0, 6)}`;
}

function accountRefused({ line }: AccountContext): Error {
  return giveUp('LEARNWORLDS_ACCOUNT_REFUSED', `LearnWorlds refuses an account for the learner of SKU ${line.sku ?? '?'}.`, {
    hint: 'The address or the user name is not acceptable, or taken. Make the account by hand, then retry the step.',
  });
}

function addressOf({ learner, line }: AccountContext): string {
  const email = learner.email?.trim() ?? '';
  if (email !== '') return email;
  throw giveUp(
    'LEARNWORLDS_LEARNER_UNKNOWN',
    `The order names no mail address, so SKU ${line.sku ?? '?'} cannot be given in LearnWorlds.`,
    {
      hint: 'Add the address to the order, or enrol by hand.',
    },
  );
}
