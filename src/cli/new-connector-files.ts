/** The files of a connector to start from, by name. `forum-x` becomes `forumX` where a word of code is needed. */
export function connectorFiles(name: string): Readonly<Record<string, string>> {
  const word = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()).replace(/-/g, '');
  const code = name.replaceAll('-', '_').toUpperCase();
  const put = (text: string): string => text.replaceAll('NAME', name).replaceAll('WORD', word).replaceAll('CODE', code);
  return {
    'index.ts': put(index),
    'join.ts': put(join),
    'client.ts': put(client),
    'pretended-system.ts': put(pretended),
    [`${name}.test.ts`]: put(test),
    'README.md': put(readme),
    'package.json': manifest,
  };
}

/** The files are ES modules, also in a site whose own package.json says "commonjs", as `npm init` writes it. */
const manifest = '{ "private": true, "type": "module" }\n';

const index = `import { defineConnector } from 'handover/contract';
import { checkAccount } from './client.ts';
import { join, type Options } from './join.ts';

/** What products may do with NAME, and what its account needs. Read this file first. */
export const WORD = defineConnector<Options>({
  name: 'NAME',
  summary: 'Groups in NAME',
  options: {
    type: 'object',
    required: ['baseUrl', 'token'],
    additionalProperties: false,
    properties: {
      baseUrl: { type: 'string', setting: true, description: 'The address of its API.', examples: ['https://NAME.example.com/api'] },
      token: { type: 'string', secret: true, description: 'What we sign in with.', examples: [{ env: 'CODE_TOKEN' }] },
    },
  },
  actions: { join },
  check: checkAccount,
});
`;

const join = `import { defineAction, giveUp } from 'handover/contract';
import { call } from './client.ts';

export interface Options {
  readonly baseUrl: string;
  readonly token: string;
}

type Membership = { readonly group: string; readonly groupUrl: string };

/** Lets the learner into a group. PUT changes nothing for a member, so a second attempt is safe. */
export const join = defineAction<{ readonly group: string }, Membership, Options>({
  summary: 'Let the learner into a group',
  repeats: 'set',
  units: 'perLine',
  resource: ({ group }) => \`group \${group}\`,
  input: {
    type: 'object',
    required: ['group'],
    additionalProperties: false,
    properties: { group: { type: 'string', minLength: 1, description: 'The name of the group.', examples: ['ts-101'] } },
  },
  output: { group: { description: 'The name of the group.' }, groupUrl: { description: 'Where the group meets.' } },

  async grant({ group }, ctx) {
    const answer = await call('PUT', memberOf(group, ctx.learner.email), ctx);
    const { url } = (answer.json() ?? {}) as { url?: string };
    if (answer.status === 404 || url === undefined) {
      throw giveUp('CODE_GROUP_UNKNOWN', \`NAME has no group "\${group}".\`, {
        hint: 'Create it there, or correct "with.group" in the product file; then retry the step.',
      });
    }
    return { group, groupUrl: url };
  },

  async revoke({ group }, _input, ctx) {
    await call('DELETE', memberOf(group, ctx.learner.email), ctx);
  },

  async suspend({ group }, _input, ctx) {
    await call('DELETE', memberOf(group, ctx.learner.email), ctx);
  },

  async resume({ group }, _input, ctx) {
    await call('PUT', memberOf(group, ctx.learner.email), ctx);
  },
});

function memberOf(group: string, email = ''): string {
  return \`/groups/\${encodeURIComponent(group)}/members/\${encodeURIComponent(email)}\`;
}
`;

const client = `import { giveUp, tryLater, type ActionContext, type CheckContext, type Finding, type HttpResponse } from 'handover/contract';
import type { Options } from './join.ts';

type Way = Pick<ActionContext<Options>, 'options' | 'http'> & { readonly signal?: AbortSignal };

/** The one place that speaks with NAME. What a later attempt may mend is thrown as \`tryLater\`, what it cannot as \`giveUp\`. */
export async function call(method: 'GET' | 'PUT' | 'DELETE', path: string, { options, http, signal }: Way): Promise<HttpResponse> {
  const answer = await http.send({
    method,
    url: \`\${options.baseUrl}\${path}\`,
    headers: { Authorization: \`Bearer \${options.token}\` },
    ...(signal && { signal }),
  });
  if (answer.status === 404) return answer;
  if (answer.status === 401 || answer.status === 403) {
    throw giveUp('CODE_TOKEN_REFUSED', 'NAME does not accept our token.', { hint: 'Make a new one there and set CODE_TOKEN.' });
  }
  if (answer.status >= 200 && answer.status < 300 && answer.json() !== undefined) return answer;
  const { retryAfterMs } = answer;
  throw tryLater('CODE_BUSY', \`NAME answered \${answer.status} and nothing we understand.\`, {
    unknown: true,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** For \`npx handover check --online\`: can we sign in, and is there each group that a product names? */
export async function checkAccount(context: CheckContext<Options>): Promise<Finding[]> {
  const groups = [...new Set(context.used.map(({ input }) => String(input['group'])))];
  const findings: Finding[] = [];
  for (const group of groups) {
    try {
      const { status } = await call('GET', \`/groups/\${encodeURIComponent(group)}\`, context);
      findings.push(status === 404 ? { ok: false, message: \`There is no group "\${group}".\`, hint: 'Create it in NAME, or correct "with.group" in the product file.' } : { ok: true, message: \`The group "\${group}" is there.\` });
    } catch (error) {
      const { message, hint } = error as { message: string; hint?: string };
      findings.push({ ok: false, message, hint: hint ?? 'Look whether NAME is there, then check again.' });
    }
  }
  return findings;
}
`;

const pretended = `import { jsonReply, startDouble, type DoubleServer } from 'handover/testing';

export const token = 'pretended-token-4711';

/** NAME as the test sees it: strict as the real one would be, with books to look into. Replace it by what your system does. */
export async function startPretended(): Promise<{ server: DoubleServer; members: Map<string, Set<string>> }> {
  const members = new Map([['ts-101', new Set(['bystander@example.org'])]]);
  const server = await startDouble({
    handle({ method, path, headers }) {
      if (headers['authorization'] !== \`Bearer \${token}\`) return jsonReply({ error: 'token' }, 401);
      const [, group = '', member] = /^\\/groups\\/([^/]+)(?:\\/members\\/(.+))?$/.exec(path) ?? [];
      const list = members.get(decodeURIComponent(group));
      if (!list) return jsonReply({ error: 'group' }, 404);
      if (member !== undefined && method === 'PUT') list.add(decodeURIComponent(member));
      if (member !== undefined && method === 'DELETE') list.delete(decodeURIComponent(member));
      return jsonReply({ url: \`https://NAME.example.com/\${group}\` });
    },
  });
  return { server, members };
}
`;

const test = `import { test } from 'node:test';
import { connectorTests } from 'handover/testing';
import { startPretended, token } from './pretended-system.ts';
import { WORD } from './index.ts';

const tests = connectorTests({
  name: 'NAME.join',
  connector: WORD as never,
  action: 'join',
  async open() {
    const { server, members } = await startPretended();
    const options = { baseUrl: server.origin, token };
    return {
      options,
      input: { group: 'ts-101' },
      effects: () => Object.fromEntries([...members].map(([group, list]) => [group, [...list].sort()])),
      secrets: () => [token],
      faults: server.faults,
      wrong: [
        { name: 'a bad token', options: { ...options, token: 'another' } },
        { name: 'an unknown group', input: { group: 'ts-999' } },
      ],
      close: () => server.close(),
    };
  },
});

for (const { name, run } of tests) void test(name, run);
`;

const readme = `# NAME

Lets learners into groups of NAME.

**For who writes products**

    "grants": { "group": { "action": "NAME.join", "with": { "group": "ts-101" } } }

Texts may use \`{{group.groupUrl}}\`. A refund takes the learner out of the group, a dispute does so until it is won.

**For who runs it**: in handover.json, beside which the folder \`connectors/NAME\` lies:

    "connectors": {
      "NAME": { "use": "./connectors/NAME", "baseUrl": "https://NAME.example.com/api", "token": { "env": "CODE_TOKEN" } }
    }

Then \`npx handover check --online\`. The test against a pretended NAME runs with \`node --test connectors/NAME/NAME.test.ts\`.
`;
