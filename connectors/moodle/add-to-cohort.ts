import { type ActionContext, defineAction, giveUp, type Memory, oneAtATime, type StepError } from 'handover/contract';
import { accountFor } from './account.ts';
import { accountInput, type AccountInput } from './account-fields.ts';
import { createClient, idOf, textOf, type Client } from './client.ts';
import { attempt } from './memory.ts';
import type { MoodleOptions, Settings } from './options.ts';
import { hasCode, isUnknown } from './problems.ts';
import { signInLink } from './sign-in-link.ts';

interface AddToCohortInput extends AccountInput {
  readonly cohort: string | number;
}

/** What joining a cohort returns. */
export type CohortSeat = {
  readonly userId: number;
  readonly username: string;
  readonly cohort: string;
  /** Undefined where cohorts may not be listed: then a person has to remove the member. */
  readonly cohortId?: number;
  /** The site's start page: a cohort can open many courses. */
  readonly courseUrl: string;
  readonly isNewAccount: boolean;
  /** The learner was in before, so there is nothing of ours to take back. */
  readonly wasIn: boolean;
};

type Context = ActionContext<MoodleOptions>;

/**
 * Makes the learner a member of a cohort, which with cohort synchronisation opens courses. Adding a member again changes
 * nothing and is told by a warning in a successful answer.
 */
export const addToCohort = defineAction<AddToCohortInput, CohortSeat, MoodleOptions>({
  summary: 'Make the learner a member of a cohort',
  repeats: 'set',
  units: 'perLine',
  resource: ({ cohort }) => `cohort ${cohort}`,
  input: {
    type: 'object',
    required: ['cohort'],
    additionalProperties: false,
    properties: {
      cohort: {
        type: ['string', 'integer'],
        description: 'The cohort: its "Cohort ID" in Moodle, unless `cohortBy` says otherwise.',
        examples: ['members-2026'],
      },
      ...accountInput,
    },
  },
  output: {
    loginUrl: { description: "Signs the learner in at the click and opens the site's start page; see `signIn`.", link: true },
    courseUrl: { description: "The site's start page." },
    cohort: { description: 'The cohort as the product names it.' },
    userId: { description: "The learner's number in Moodle." },
    username: {
      description: "The learner's user name. Empty for an account that was there before, unless we may see user names.",
    },
  },

  grant: (input, ctx) =>
    attempt(ctx, async (memory) => {
      const client = createClient(ctx);
      const cohort = String(input.cohort);
      const account = await accountFor(client, input, memory, ctx);
      return alone(client, cohort, account.id, async () => {
        const kept = keptSeat(memory);
        const wasSent = kept?.userId === account.id;
        const cohortId = kept?.cohortId ?? (await findCohortId(client, cohort));
        const seat: CohortSeat = {
          userId: account.id,
          username: account.username,
          cohort,
          ...(cohortId !== undefined && { cohortId }),
          courseUrl: `${client.settings.siteUrl}/`,
          isNewAccount: account.isNew,
          wasIn: false,
        };
        await memory.keep('seat', seat);
        const isNewMember = await join(client, seat, ctx).catch(async (error: unknown) => {
          if (!isUnknown(error) && !wasSent) await memory.keep('seat', undefined);
          throw error;
        });
        return { ...seat, wasIn: !isNewMember && !wasSent };
      });
    }),

  /** What an earlier attempt of this step may have left behind; taking it back twice changes nothing. */
  find: (_input, ctx) => attempt(ctx, async (memory) => keptSeat(memory)),

  revoke: (result, _input, ctx) => attempt(ctx, () => leave(result, ctx)),
  suspend: (result, _input, ctx) => attempt(ctx, () => leave(result, ctx)),
  resume: (result, _input, ctx) =>
    attempt(ctx, async () => {
      if (result.wasIn) return;
      const client = createClient(ctx);
      await alone(client, result.cohort, result.userId, () => join(client, result, ctx));
    }),
  renew: (result) => Promise.resolve(result),
  link: (result, _input, ctx) => signInLink(createClient(ctx), result, ctx),
});

function keptSeat(memory: Memory): CohortSeat | undefined {
  return memory.recall('seat') as CohortSeat | undefined;
}

function alone<T>({ settings }: Client, cohort: string, userId: number, work: () => Promise<T>): Promise<T> {
  return oneAtATime(`${settings.baseUrl} cohort ${cohort} user ${userId}`, work);
}

/** Removing a member takes the cohort's number, and only the list of all cohorts tells it. It needs a right of its own. */
export async function findCohortId(client: Client, cohort: string): Promise<number | undefined> {
  if (client.settings.cohortBy === 'id') return Number(cohort);
  try {
    const rows = await client.rows('core_cohort_get_cohorts', { what: 'list the cohorts', writes: false });
    const [found] = rows.filter(({ idnumber }) => textOf(idnumber) === cohort);
    return found && idOf(found);
  } catch (error) {
    if (hasCode(error, 'MOODLE_ACCESS_DENIED', 'MOODLE_RIGHT_MISSING', 'MOODLE_NOT_FOUND')) return undefined;
    throw error;
  }
}

/** False: the learner was a member already. Codes of warnings: 2 something is not there, 3 a member already. */
async function join(client: Client, { cohort, userId }: CohortSeat, { line }: Pick<Context, 'line'>): Promise<boolean> {
  const warnings = await client.rowsIn('core_cohort_add_cohort_members', 'warnings', {
    what: `add user ${userId} to the cohort "${cohort}"`,
    writes: true,
    parameters: {
      members: [{ cohorttype: { type: client.settings.cohortBy, value: cohort }, usertype: { type: 'id', value: userId } }],
    },
  });
  const codes = warnings.map(({ warningcode }) => textOf(warningcode));
  if (codes.length === 0) return true;
  if (codes.includes('3')) return false;
  throw cohortUnknown(client.settings, cohort, line.sku);
}

function cohortUnknown({ cohortBy }: Settings, cohort: string, sku = '?'): StepError {
  const by = cohortBy === 'id' ? 'number' : 'cohort ID';
  return giveUp('MOODLE_COHORT_UNKNOWN', `Moodle has no cohort with the ${by} "${cohort}", which SKU ${sku} names.`, {
    hint: 'Correct "with.cohort" in the product file, or the cohort in Moodle; then retry the step.',
  });
}

async function leave({ userId, cohortId, cohort, wasIn }: CohortSeat, ctx: Context): Promise<void> {
  if (wasIn) return;
  const client = createClient(ctx);
  const id = cohortId ?? (await findCohortId(client, cohort));
  if (id === undefined) {
    throw giveUp(
      'MOODLE_COHORT_ID_UNKNOWN',
      `The number of the cohort "${cohort}" cannot be looked up, so user ${userId} cannot be removed.`,
      {
        hint: 'Add core_cohort_get_cohorts to the external service and moodle/cohort:view to the role, then retry the step; or set "cohortBy": "id".',
      },
    );
  }
  await alone(client, cohort, userId, async () => {
    try {
      await client.done('core_cohort_delete_cohort_members', {
        what: `remove user ${userId} from cohort ${id}`,
        writes: true,
        parameters: { members: [{ cohortid: id, userid: userId }] },
      });
    } catch (error) {
      if (!hasCode(error, 'MOODLE_NOT_FOUND')) throw error;
    }
  });
}
