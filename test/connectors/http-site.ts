import type { ActionSettings, HttpOptions } from '../../connectors/http/options.ts';

const seats = 'courses/{{with.course}}/seats';
const lookUp = {
  path: 'users',
  query: { search: '{{learner.email}}' },
  keep: { userId: { in: '/data', where: { '/email': '{{learner.email}}' }, at: '/id' } },
} as const;

/** Find or make the user, then give a seat; a full set of phases, as an owner would write it. */
export const enrol: ActionSettings = {
  input: { course: "The course's name.", days: { type: 'integer', required: false } },
  repeats: 'set',
  resource: '{{with.course}}',
  output: { userId: '{{kept.userId}}', until: '{{until.date}}' },
  grant: [
    lookUp,
    {
      path: 'users',
      json: { email: '{{learner.email}}', name: '{{learner.name}}' },
      expect: { status: [201] },
      keep: { userId: '/data/id' },
      unless: 'userId',
      temporary: [409],
      safe: true,
    },
    {
      path: seats,
      headers: { 'Idempotency-Key': '{{stepKey}}' },
      json: { user: '{{kept.userId}}', until: '{{until.date}}' },
      expect: { status: [200, 201], json: { '/data/user': '{{kept.userId}}' } },
      alreadyDone: [{ status: [409], json: { '/code': 'already_enrolled' } }],
    },
  ],
  revoke: {
    method: 'DELETE',
    expect: { status: [204] },
    path: `${seats}/{{kept.userId}}`,
    nothingThere: [{ status: [404], json: { '/code': 'not_enrolled' } }],
    safe: true,
  },
  suspend: {
    method: 'PATCH',
    path: `${seats}/{{kept.userId}}`,
    json: { suspended: true },
    expect: { json: { '/data/user': '{{kept.userId}}' } },
    safe: true,
  },
  resume: {
    method: 'PATCH',
    path: `${seats}/{{kept.userId}}`,
    json: { suspended: false },
    expect: { json: { '/data/user': '{{kept.userId}}' } },
    safe: true,
  },
};

/** Looks for the user and the seat. */
export const found: NonNullable<ActionSettings['find']> = [
  lookUp,
  {
    path: seats,
    query: { user: '{{kept.userId}}' },
    keep: { seat: { in: '/data', where: { '/user': '{{kept.userId}}' }, at: '/user' } },
  },
];

const signIn = {
  path: 'login',
  form: { user: 'shop', password: '{{secret.password}}' },
  expect: { location: '/home$' },
  safe: true,
} as const;
const token = { csrf: { pattern: 'name="csrf" value="([^"]+)"' } };
const form = { csrf: '{{kept.csrf}}', email: '{{learner.email}}', course: '{{with.course}}' };

/** The same by an old system's pages. */
export const enrolByForm: ActionSettings = {
  repeats: 'set',
  grant: [
    signIn,
    { path: 'enrol', keep: token },
    { path: 'enrol', form, expect: { contains: ['has been enrolled'] }, alreadyDone: [{ contains: ['enrolled already'] }] },
  ],
  revoke: [
    signIn,
    { path: 'withdraw', keep: token },
    { path: 'withdraw', form, expect: { location: 'done=withdrawn' }, safe: true },
  ],
};

export function optionsFor(baseUrl: string, changes: Partial<HttpOptions> = {}): HttpOptions {
  return { baseUrl, allowPrivate: ['127.0.0.1'], timeoutSeconds: 5, reasonAt: '/message', ...changes };
}
