import type { ActionSettings } from '../options.ts';

const join = {
  method: 'POST' as const,
  path: 'contacts',
  json: {
    email: '{{learner.email}}',
    attributes: { FIRSTNAME: '{{learner.firstName}}', LASTNAME: '{{learner.lastName}}' },
    listIds: ['{{with.list}}'],
    updateEnabled: true,
  },
  expect: { status: [201, 204] },
  safe: true,
};

/** Brevo answers 400 where the contact is not in the list, and 404 where there is none. */
const leave = {
  method: 'POST' as const,
  path: 'contacts/lists/{{with.list}}/contacts/remove',
  json: { emails: ['{{learner.email}}'] },
  expect: { status: [201] },
  nothingThere: [{ status: [400], json: { '/code': 'invalid_parameter' } }, 404],
  safe: true,
};

/**
 * Brevo API 3: contacts have lists and no tags; `updateEnabled` makes creating one that is there an update.
 * https://developers.brevo.com/reference/create-contact, https://developers.brevo.com/reference/remove-contact-from-list
 */
export const brevo: Readonly<Record<string, ActionSettings>> = {
  addToList: {
    summary: 'Put the buyer into a Brevo list',
    repeats: 'set',
    units: 'perLine',
    resource: '{{with.list}}',
    input: { list: { description: "The list's number, as Brevo shows it.", type: 'integer' } },
    grant: join,
    revoke: leave,
    suspend: leave,
    resume: join,
  },
};
