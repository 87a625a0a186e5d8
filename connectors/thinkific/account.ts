import {
  type ActionContext,
  giveUp,
  idOf,
  isMadeBy,
  type Memory,
  noteMaker,
  oneAtATime,
  type Row,
  textOf,
  tryLater,
} from 'handover/contract';
import type { Client } from './client.ts';
import { namesOf } from './names.ts';
import type { ThinkificOptions } from './options.ts';
import { hasCode } from './problems.ts';

export interface Account {
  readonly id: number;
  /** Made by this order, so that signing its buyer in gives away nobody else's account. */
  readonly isNew: boolean;
}

export type AccountContext = Pick<ActionContext<ThinkificOptions>, 'learner' | 'order' | 'line'>;

/**
 * Finds the learner's account or makes it. Within this process one address is dealt with at a time; between processes Thinkific
 * decides, which takes each address once. Whoever loses the race, or the answer, finds the account by looking again.
 */
export async function accountFor(client: Client, memory: Memory, ctx: AccountContext): Promise<Account> {
  const email = addressOf(ctx);
  const name = client.settings.siteUrl;
  return oneAtATime(`${name} account ${email.toLowerCase()}`, async () => {
    const known = await findAccount(client, email, memory, ctx);
    if (known) return known;
    await memory.keep('creating', true);
    try {
      const id = await createAccount(client, email, ctx);
      noteMaker(name, id, ctx.order.id);
      return { id, isNew: true };
    } catch (error) {
      if (!hasCode(error, 'THINKIFIC_REFUSED')) throw error;
      await memory.keep('creating', false);
      const made = await findAccount(client, email, memory, ctx);
      if (made) return made;
      throw giveUp('THINKIFIC_ACCOUNT_REFUSED', `Thinkific refuses an account for the learner of SKU ${ctx.line.sku ?? '?'}.`, {
        hint: 'The name or the address is not acceptable. Make the account by hand, then retry the step.',
      });
    }
  });
}

/** The account with this address, in capital or small letters. */
async function findAccount(
  client: Client,
  email: string,
  memory: Memory,
  { order }: AccountContext,
): Promise<Account | undefined> {
  const wanted = email.toLowerCase();
  const call = { method: 'GET', path: '/users', what: 'find a user by mail address', writes: false } as const;
  const rows: Row[] = [];
  for (const written of new Set([email, wanted]))
    rows.push(...(await client.rows({ ...call, query: { 'query[email]': written } })));
  const user = rows.find((row) => textOf(row['email']).trim().toLowerCase() === wanted && idOf(row) > 0);
  if (!user) return undefined;
  const id = idOf(user);
  const isOurs = memory.recall('creating') === true;
  if (isOurs) noteMaker(client.settings.siteUrl, id, order.id);
  return { id, isNew: isOurs || isMadeBy(client.settings.siteUrl, id, order.id) };
}

async function createAccount(client: Client, email: string, { learner }: AccountContext): Promise<number> {
  const call = { method: 'POST', path: '/users', what: 'create a user', writes: true } as const;
  const id = idOf(
    await client.row({ ...call, json: { email, ...namesOf(learner), send_welcome_email: client.settings.welcomeMail } }),
  );
  if (id > 0) return id;
  throw tryLater('THINKIFIC_UNREADABLE', 'Thinkific confirmed the new account without naming its id.', { unknown: true });
}

function addressOf({ learner, line }: AccountContext): string {
  const email = learner.email?.trim() ?? '';
  if (email !== '') return email;
  throw giveUp(
    'THINKIFIC_LEARNER_UNKNOWN',
    `The order names no mail address, so SKU ${line.sku ?? '?'} cannot be given in Thinkific.`,
    {
      hint: 'Add the address to the order, or give access by hand.',
    },
  );
}
