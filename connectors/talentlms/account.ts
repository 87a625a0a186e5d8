import { randomBytes } from 'node:crypto';
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
import { loginFor, namesOf } from './names.ts';
import type { TalentLmsOptions } from './options.ts';
import { hasCode } from './problems.ts';

export interface Account {
  readonly id: number;
  /** Made by this order, so that signing its buyer in gives away nobody else's account. */
  readonly isNew: boolean;
  /** Made by this very attempt: it is in no course yet. */
  readonly isFresh: boolean;
}

export type AccountContext = Pick<ActionContext<TalentLmsOptions>, 'learner' | 'order' | 'line'>;

/**
 * Finds the learner's account or makes it. Within this process one address is dealt with at a time; between processes the user
 * name is the lock. Whoever loses the race, or the answer, finds the account by looking again.
 */
export async function accountFor(client: Client, memory: Memory, ctx: AccountContext): Promise<Account> {
  const email = addressOf(ctx);
  const { baseUrl, loginRule } = client.settings;
  return oneAtATime(`${baseUrl} account ${email.toLowerCase()}`, async () => {
    const login = loginFor(email, loginRule);
    const known = await findAccount(client, email, login, memory, ctx);
    if (known) return known;
    await memory.keep('creating', login);
    try {
      const id = await createAccount(client, login, email, ctx);
      noteMaker(baseUrl, id, ctx.order.id);
      return { id, isNew: true, isFresh: true };
    } catch (error) {
      if (!hasCode(error, 'TALENTLMS_REFUSED')) throw error;
      await memory.keep('creating', '');
      const made = await findAccount(client, email, login, memory, ctx);
      if (made) return made;
      throw giveUp('TALENTLMS_ACCOUNT_REFUSED', `TalentLMS refuses an account for the learner of SKU ${ctx.line.sku ?? '?'}.`, {
        hint: 'The limit of users may be reached, a further field required, or the name or address not acceptable. Make the account by hand, then retry the step.',
      });
    }
  });
}

/** The account with this address, in capital or small letters; also looked for by the user name we would give. */
async function findAccount(
  client: Client,
  email: string,
  login: string,
  memory: Memory,
  { order, line }: AccountContext,
): Promise<Account | undefined> {
  const wanted = email.toLowerCase();
  const byEmail = await findUsers(client, 'email', email);
  const all = byEmail.length > 0 ? byEmail : await findUsers(client, 'login', login);
  const found = all.filter((row) => textOf(row['email']).trim().toLowerCase() === wanted && idOf(row) > 0);
  const usable = found.filter((row) => textOf(row['status']) !== 'inactive');
  if (usable.length > 1) {
    const ids = usable.map((row) => idOf(row)).join(', ');
    throw giveUp('TALENTLMS_USER_AMBIGUOUS', `Several accounts in TalentLMS have the learner's mail address: users ${ids}.`, {
      hint: 'Change the address of those that are not meant, then retry the step; or give access by hand.',
    });
  }
  const [user] = usable;
  if (user) return asAccount(client, user, login, memory, order.id);
  if (found[0]) {
    throw giveUp(
      'TALENTLMS_USER_INACTIVE',
      `The learner's account (user ${idOf(found[0])}) is inactive in TalentLMS, so SKU ${line.sku ?? '?'} is not given.`,
      { hint: 'Activate the account, then retry the step; or refund the buyer.' },
    );
  }
  if (all.some((row) => textOf(row['login']).toLowerCase() === login)) {
    throw giveUp(
      'TALENTLMS_LOGIN_TAKEN',
      'Another account in TalentLMS has the user name meant for the learner, with another mail address.',
      {
        hint: "If it is the learner's account, correct its address in TalentLMS, then retry the step; else make an account by hand.",
      },
    );
  }
  return undefined;
}

function findUsers(client: Client, field: 'email' | 'login', value: string): Promise<readonly Row[]> {
  return client.rows({
    method: 'GET',
    path: '/users',
    query: { [`filter[${field}][eq]`]: value, 'page[number]': '1', 'page[size]': '100' },
    what: `find a user by ${field}`,
    writes: false,
  });
}

function asAccount(client: Client, row: Row, login: string, memory: Memory, orderId: string): Account {
  const id = idOf(row);
  const { baseUrl } = client.settings;
  const isOurs = textOf(memory.recall('creating')) === login && textOf(row['login']).toLowerCase() === login;
  if (isOurs) noteMaker(baseUrl, id, orderId);
  return { id, isNew: isOurs || isMadeBy(baseUrl, id, orderId), isFresh: false };
}

/** Nobody knows the password: the learner comes in by `loginUrl`, or asks TalentLMS for a new one. */
async function createAccount(client: Client, login: string, email: string, { learner }: AccountContext): Promise<number> {
  const call = { method: 'POST', path: '/users', what: 'create a user', writes: true } as const;
  const password = `aA1-${randomBytes(18).toString('base64url')}`;
  const id = idOf(await client.row({ ...call, json: { ...namesOf(learner), login, email, password } }));
  if (id > 0) return id;
  throw tryLater('TALENTLMS_UNREADABLE', 'TalentLMS confirmed the new account without naming its id.', { unknown: true });
}

function addressOf({ learner, line }: AccountContext): string {
  const email = learner.email?.trim() ?? '';
  if (email !== '') return email;
  throw giveUp(
    'TALENTLMS_LEARNER_UNKNOWN',
    `The order names no mail address, so SKU ${line.sku ?? '?'} cannot be given in TalentLMS.`,
    {
      hint: 'Add the address to the order, or give access by hand.',
    },
  );
}
