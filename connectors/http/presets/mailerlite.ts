import type { ActionSettings } from '../options.ts';

const join = {
  method: 'POST' as const,
  path: 'subscribers',
  json: {
    email: '{{learner.email}}',
    fields: { name: '{{learner.firstName}}', last_name: '{{learner.lastName}}' },
    groups: ['{{with.group}}'],
  },
  expect: { status: [200, 201] },
  keep: { subscriber: '/data/id' },
  safe: true,
};

const leave = [
  {
    method: 'DELETE' as const,
    path: 'subscribers/{{kept.subscriber}}/groups/{{with.group}}',
    expect: { status: [204] },
    nothingThere: [404],
    safe: true,
  },
];

/**
 * MailerLite API (not Classic): a subscriber is made or updated by the address, groups are added. Numbers are sent as texts.
 * https://developers.mailerlite.com/docs/subscribers, https://developers.mailerlite.com/docs/groups
 */
export const mailerlite: Readonly<Record<string, ActionSettings>> = {
  addToGroup: {
    summary: 'Put the buyer into a MailerLite group',
    repeats: 'set',
    units: 'perLine',
    resource: '{{with.group}}',
    input: { group: { description: "The group's number, as MailerLite shows it.", type: 'string' } },
    grant: join,
    find: {
      path: 'subscribers/{{learner.email}}',
      expect: { status: [200] },
      keep: { subscriber: '/data/id' },
    },
    revoke: leave,
    suspend: leave,
    resume: join,
  },
};
