import { tryLater, type Action, type Repeats } from '../../../src/contract/index.ts';
import type { ActionContext } from '../../../src/contract/connector.ts';
import type { StepTerms } from '../../../src/contract/plan.ts';
import type { HttpRequest } from '../../../src/contract/http.ts';
import type { Account } from '../../../src/fulfilment/run-action.ts';

/** A system that things are given at, one for each way in which a repeated call is made safe. */
export const classes: readonly Repeats[] = ['keyed', 'set', 'check', 'blind'];

/** One thing that was given. */
export interface Item {
  readonly id: number;
  readonly repeats: Repeats;
  readonly step: string;
  readonly grant: string;
  readonly email: string;
  state: 'granted' | 'suspended';
  until: string | undefined;
}

interface Call {
  readonly step: string;
  readonly grant: string;
  readonly email: string;
  readonly id?: number;
  readonly until?: string;
}

/** What the other sides have: a book that knows nothing of the store. */
export class Book {
  items: Item[] = [];
  /** How often each step had an effect that gave something. */
  readonly given = new Map<string, number>();
  /** How often each mail went out. */
  readonly mails = new Map<string, number>();
  readonly #byKey = new Map<string, Item>();
  #count = 0;

  /** One request, as the system of this class carries it out. */
  carryOut(repeats: Repeats, what: string, call: Call): object {
    if (what === 'give') return { id: this.#give(repeats, call).id };
    const found = this.items.findLast(({ id, grant, email }) =>
      call.id === undefined ? grant === call.grant && email === call.email : id === call.id,
    );
    if (what === 'find') return found ? { id: found.id } : {};
    if (what === 'revoke') this.items = this.items.filter((item) => item !== found);
    if (found && what === 'suspend') found.state = 'suspended';
    if (found && what === 'resume') found.state = 'granted';
    if (found && what === 'renew') found.until = call.until;
    return {};
  }

  /** Staff see that nothing is there, and give it. */
  giveByHand(step: string, grant: string, { learner, until }: StepTerms = {}): Item {
    const item: Item = {
      id: (this.#count += 1),
      repeats: 'blind',
      step,
      grant,
      email: learner?.email ?? 'ada@example.org',
      state: 'granted',
      until,
    };
    this.items.push(item);
    return item;
  }

  #give(repeats: Repeats, { step, grant, email, until }: Call): Item {
    const known =
      repeats === 'keyed'
        ? this.#byKey.get(step)
        : repeats === 'set'
          ? this.items.find((item) => item.grant === grant && item.email === email)
          : undefined;
    if (known) return known;
    const item: Item = { id: (this.#count += 1), repeats, step, grant, email, state: 'granted', until };
    this.items.push(item);
    this.#byKey.set(step, item);
    this.given.set(step, (this.given.get(step) ?? 0) + 1);
    return item;
  }
}

type Given = { id: number };

async function ask(repeats: Repeats, what: string, ctx: ActionContext, more: object = {}): Promise<Record<string, unknown>> {
  const call: Call = { step: ctx.stepKey, grant: ctx.grantId, email: ctx.learner.email ?? '', ...more };
  const request: HttpRequest = { method: 'POST', url: `https://${repeats}.example.org/${what}`, json: call, signal: ctx.signal };
  const answer = await ctx.http.send(request);
  if (answer.status === 429) {
    const { retryAfterMs } = answer;
    throw tryLater('SIMULATED_429', 'Too many requests.', retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  if (answer.status >= 500) throw tryLater('SIMULATED_500', 'It failed.', { unknown: true });
  const told = answer.json() as Record<string, unknown>;
  if ('error' in told) throw tryLater('SIMULATED_ERROR', 'It said 200, and that it did nothing.');
  return told;
}

function actionOf(repeats: Repeats): Action<object, Given> {
  const change =
    (what: string) =>
    async (given: Given, _input: object, ctx: ActionContext): Promise<void> => {
      await ask(repeats, what, ctx, { id: given.id });
    };
  const until = (ctx: ActionContext): object => (ctx.until ? { until: ctx.until.toISOString() } : {});
  return {
    summary: `Gives something where a repeat is ${repeats}`,
    repeats,
    input: { type: 'object' },
    output: {},
    grant: async (_input, ctx) => ({ id: Number((await ask(repeats, 'give', ctx, until(ctx)))['id']) }),
    ...((repeats === 'check' || repeats === 'set') && {
      async find(_input: object, ctx: ActionContext) {
        const { id } = await ask(repeats, 'find', ctx);
        return typeof id === 'number' ? { id } : undefined;
      },
    }),
    revoke: change('revoke'),
    suspend: change('suspend'),
    resume: change('resume'),
    async renew(given, _input, ctx) {
      await ask(repeats, 'renew', ctx, { id: given.id, until: ctx.until.toISOString() });
      return given;
    },
  };
}

/** An account for each class. */
export function openAccounts(parallel: number, timeoutSeconds: number): ReadonlyMap<string, Account> {
  return new Map(
    classes.map((repeats) => {
      const connector = { name: repeats, summary: '', options: { type: 'object' }, actions: { give: actionOf(repeats) } };
      return [repeats, { name: repeats, connector: connector as never, options: {}, limits: { parallel, timeoutSeconds } }];
    }),
  );
}
