import { defineAction } from 'handover/contract';
import type { AccountInput } from './account.ts';
import { accountInput } from './account-fields.ts';
import { membershipVerbs, type Membership, type MembershipKind } from './membership.ts';
import type { AxisOptions } from './options.ts';
import type { Connect } from './port.ts';
import { signInLink } from './sign-in-link.ts';

interface EnrolPathInput extends AccountInput {
  readonly path: string | number;
}

const learningPath: MembershipKind = { noun: 'learning path', setting: 'with.path', of: (api) => api.paths };

/**
 * Enrols the learner in a learning path. Paths have no dates and a repeat is an error, so `find` is asked first. There is no
 * way to pause one: removing the learner might lose progress, so a suspension is left to a person.
 */
export function enrolPathAction(connect: Connect) {
  const { join, find, leave } = membershipVerbs(learningPath, connect);
  return defineAction<EnrolPathInput, Membership, AxisOptions>({
    summary: 'Enrol the learner in a learning path',
    repeats: 'check',
    units: 'perLine',
    input: {
      type: 'object',
      required: ['path'],
      additionalProperties: false,
      properties: {
        path: { type: ['string', 'integer'], description: "The learning path's number in Axis.", examples: ['41'] },
        ...accountInput,
      },
    },
    output: {
      loginUrl: { description: 'Signs the learner in at the click, or leads to the sign-in page; see `signIn`.', link: true },
      portalUrl: { description: 'Where learners sign in by themselves.' },
      username: { description: "The learner's user name in Axis." },
      targetName: { description: "The learning path's name in Axis." },
      targetId: { description: "The learning path's number in Axis." },
      userId: { description: "The learner's number in Axis." },
    },
    resource: (input) => `path ${input.path}`,

    grant: (input, ctx) => join({ ...input, target: String(input.path) }, ctx),
    find: (input, ctx) => find({ ...input, target: String(input.path) }, ctx),
    revoke: (result, _input, ctx) => leave(result, ctx),
    renew: (result) => Promise.resolve(result),
    link: (result, _input, ctx) => signInLink(connect(ctx), result, ctx),
  });
}
