import { defineAction } from 'handover/contract';
import type { AccountInput } from './account.ts';
import { accountInput } from './account-fields.ts';
import { membershipVerbs, type Membership, type MembershipKind } from './membership.ts';
import type { AxisOptions } from './options.ts';
import type { Connect } from './port.ts';
import { signInLink } from './sign-in-link.ts';

interface AddToGroupInput extends AccountInput {
  readonly group: string;
}

const usergroup: MembershipKind = { noun: 'usergroup', setting: 'with.group', of: (api) => api.groups };

/**
 * Makes the learner a member of a usergroup, which in Axis can bring courses and learning paths by itself. A repeat is an error,
 * so `find` is asked first.
 */
export function addToGroupAction(connect: Connect) {
  const { join, find, leave, rejoin } = membershipVerbs(usergroup, connect);
  return defineAction<AddToGroupInput, Membership, AxisOptions>({
    summary: 'Make the learner a member of a usergroup',
    repeats: 'check',
    units: 'perLine',
    input: {
      type: 'object',
      required: ['group'],
      additionalProperties: false,
      properties: {
        group: { type: 'string', minLength: 1, description: "The usergroup's name in Axis.", examples: ['Spring class'] },
        ...accountInput,
      },
    },
    output: {
      loginUrl: { description: 'Signs the learner in at the click, or leads to the sign-in page; see `signIn`.', link: true },
      portalUrl: { description: 'Where learners sign in by themselves.' },
      username: { description: "The learner's user name in Axis." },
      targetName: { description: "The usergroup's name in Axis." },
      targetId: { description: "The usergroup's number in Axis." },
      userId: { description: "The learner's number in Axis." },
    },
    resource: (input) => `group ${input.group}`,

    grant: (input, ctx) => join({ ...input, target: input.group }, ctx),
    find: (input, ctx) => find({ ...input, target: input.group }, ctx),
    revoke: (result, _input, ctx) => leave(result, ctx),
    suspend: (result, _input, ctx) => leave(result, ctx),
    resume: (result, _input, ctx) => (result.wasIn ? Promise.resolve() : rejoin(result, ctx)),
    renew: (result) => Promise.resolve(result),
    link: (result, _input, ctx) => signInLink(connect(ctx), result, ctx),
  });
}
