import type { JsonSchema } from 'handover/contract';
import { accountInput, type AccountInput } from './account-fields.ts';
import { ifEnrolledSchema, type IfEnrolled } from './options.ts';
import type { Term } from './term.ts';

export interface EnrolInput extends Term, AccountInput {
  readonly course: string | number;
  readonly roleId?: number;
  readonly ifEnrolled?: IfEnrolled;
}

/** `with` of `enrol`. Of `days`, `months` and `until` at most one; without any, access has no end. */
export const enrolInput: JsonSchema = {
  type: 'object',
  required: ['course'],
  additionalProperties: false,
  properties: {
    course: {
      type: ['string', 'integer'],
      description: 'The course: its "Course ID number" in Moodle, unless `courseBy` says otherwise.',
      examples: ['TS-101'],
    },
    days: {
      type: 'integer',
      minimum: 1,
      maximum: 36500,
      description: 'Access ends so many days after the purchase, at the same time of day.',
      examples: [365],
    },
    months: {
      type: 'integer',
      minimum: 1,
      maximum: 1200,
      description: 'Access ends so many months after the purchase, at the same time of day.',
      examples: [12],
    },
    until: {
      type: 'string',
      pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
      description: 'The last day of access, whenever it was bought.',
      examples: ['2026-12-31'],
    },
    roleId: {
      type: 'integer',
      minimum: 1,
      description: "The role in the course, where it is not the account's `roleId`.",
      examples: [5],
    },
    ifEnrolled: ifEnrolledSchema,
    ...accountInput,
  },
  allOf: [
    ['days', 'months'],
    ['days', 'until'],
    ['months', 'until'],
  ].map((required) => ({ not: { required } })),
};
