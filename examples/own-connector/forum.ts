import { defineAction, defineConnector, giveUp, tryLater, type ActionContext, type HttpResponse } from 'handover/contract';

interface ForumOptions {
  readonly baseUrl: string;
  readonly token: string;
}

type Membership = { readonly group: string; readonly groupUrl: string };

/** Lets the buyer into a group. The forum takes `PUT` for a member it has already, so a second attempt is safe. */
export const join = defineAction<{ readonly group: string }, Membership, ForumOptions>({
  summary: 'Let the buyer into a group of the forum',
  repeats: 'set',
  units: 'perLine',
  input: {
    type: 'object',
    required: ['group'],
    additionalProperties: false,
    properties: { group: { type: 'string', description: "The group's name, as in its address.", examples: ['ts-101'] } },
  },
  output: { group: { description: "The group's name." }, groupUrl: { description: 'Where the group meets.' } },

  async grant({ group }, ctx) {
    const answer = await call('PUT', group, ctx);
    if (answer.status === 404) {
      throw giveUp('FORUM_GROUP_UNKNOWN', `The forum has no group "${group}".`, {
        hint: 'Create it there, or correct "with.group" in the product file; then retry the step.',
      });
    }
    const { url } = answer.json() as { url: string };
    return { group, groupUrl: url };
  },

  async revoke({ group }, _input, ctx) {
    await call('DELETE', group, ctx);
  },
});

/** The one place that speaks with the forum. Any answer comes back; what a later attempt may mend is thrown as `tryLater`. */
async function call(method: 'PUT' | 'DELETE', group: string, ctx: ActionContext<ForumOptions>): Promise<HttpResponse> {
  const { options, learner, http, signal } = ctx;
  const member = encodeURIComponent(learner.email ?? '');
  const answer = await http.send({
    method,
    url: `${options.baseUrl}/groups/${encodeURIComponent(group)}/members/${member}`,
    headers: { Authorization: `Bearer ${options.token}` },
    signal,
  });
  if (answer.status < 400 || answer.status === 404) return answer;
  if (answer.status === 401)
    throw giveUp('FORUM_TOKEN_REFUSED', 'The forum does not accept our token.', { hint: 'Set a new one.' });
  const { retryAfterMs } = answer;
  throw tryLater('FORUM_BUSY', `The forum answered ${answer.status}.`, { ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

export const forum = defineConnector<ForumOptions>({
  name: 'forum',
  summary: 'Groups of our forum',
  options: {
    type: 'object',
    required: ['baseUrl', 'token'],
    additionalProperties: false,
    properties: {
      baseUrl: {
        type: 'string',
        setting: true,
        description: "The address of the forum's API.",
        examples: ['https://forum.example.com/api'],
      },
      token: { type: 'string', secret: true, description: 'What we sign in with.', examples: [{ env: 'FORUM_TOKEN' }] },
    },
  },
  actions: { join },
});
