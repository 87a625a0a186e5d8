import type { JsonSchema } from 'handover/contract';
import type { AccountInput } from './account.ts';
import { accountInput } from './account-fields.ts';
import type { Term } from './window.ts';

export interface EnrolInput extends Term, AccountInput {
  readonly course: string | number;
  readonly repeatPurchase?: 'set' | 'extend';
}

/** `with` of `enrol`. Of `days`, `months` and `until` at most one; without any, access has no end. */
export const enrolInput: JsonSchema = {
  type: 'object',
  required: ['course'],
  additionalProperties: false,
  properties: {
    course: {
      type: ['string', 'integer'],
      description: "The course's number in Axis; on the Legacy API its name, letter by letter.",
      examples: ['17', 'TypeScript in a week'],
    },
    days: {
      type: 'integer',
      minimum: 1,
      maximum: 36500,
      description: 'Access ends so many days after the purchase.',
      examples: [365],
    },
    months: {
      type: 'integer',
      minimum: 1,
      maximum: 1200,
      description: 'Access ends so many months after the purchase.',
      examples: [12],
    },
    until: {
      type: 'string',
      pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
      description: 'The last day of access, whenever it was bought.',
      examples: ['2026-12-31'],
    },
    repeatPurchase: {
      type: 'string',
      enum: ['set', 'extend'],
      default: 'set',
      description:
        'When the learner has access already. `set`: the term counts from this purchase. `extend`: it is added to what is left, once for each unit bought. An end on file that is later always stays.',
    },
    ...accountInput,
  },
  allOf: [
    ['days', 'months'],
    ['days', 'until'],
    ['months', 'until'],
  ].map((required) => ({ not: { required } })),
};
