import type { ActionSettings } from '../options.ts';

const member = 'lists/{{with.audience}}/members/{{learner.emailMd5}}';
const tag = (status: 'active' | 'inactive') => ({
  method: 'POST' as const,
  path: `${member}/tags`,
  json: { tags: [{ name: '{{with.tag}}', status }] },
  safe: true,
});

/**
 * Mailchimp Marketing API 3.0: a member is named by the MD5 of the lower-case address, `status_if_new` counts only for one who
 * was not there, and a tag is made and taken off by its name. Whoever unsubscribed stays so.
 * https://mailchimp.com/developer/marketing/api/
 */
export const mailchimp: Readonly<Record<string, ActionSettings>> = {
  tag: {
    summary: 'Put the buyer into a Mailchimp audience, with a tag',
    repeats: 'set',
    units: 'perLine',
    resource: '{{with.audience}}/{{with.tag}}',
    input: {
      audience: { description: "The audience's id, from its settings.", type: 'string' },
      tag: { description: 'The tag; Mailchimp makes it where it is new.', type: 'string' },
      statusIfNew: {
        description: 'What a new member is. "pending": Mailchimp asks by mail first. "transactional": no newsletters.',
        type: 'string',
        enum: ['pending', 'subscribed', 'transactional'],
        default: 'pending',
      },
    },
    grant: [
      {
        method: 'PUT',
        path: member,
        json: {
          email_address: '{{learner.email}}',
          status_if_new: '{{with.statusIfNew}}',
          merge_fields: { FNAME: '{{learner.firstName}}', LNAME: '{{learner.lastName}}' },
        },
        expect: { json: { '/id': '{{learner.emailMd5}}' } },
        safe: true,
      },
      tag('active'),
    ],
    revoke: { ...tag('inactive'), nothingThere: [404] },
    suspend: { ...tag('inactive'), nothingThere: [404] },
    resume: tag('active'),
  },
};
