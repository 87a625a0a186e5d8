/** Why the double refuses, with the status that tells it. The wording a caller reads changes from time to time, on purpose. */
export class Refusal extends Error {
  readonly status: number;
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.reason = reason;
    this.status = reasons[reason].status;
  }
}

export type Reason = keyof typeof reasons;

/** A wording for the `nth` refusal of this double: nothing a connector could match. */
export function wording(reason: Reason, nth: number): string {
  const { says } = reasons[reason];
  return says[nth % says.length] ?? says[0];
}

const reasons = {
  badKey: { status: 401, says: ['Invalid API key', 'The key was not accepted.', 'Not authorized'] },
  badToken: { status: 401, says: ['Token expired or invalid', 'Please request a new token.', 'Authentication required'] },
  unknownPath: { status: 404, says: ['Not found', 'No such endpoint', 'The requested resource does not exist.'] },
  wrongMethod: { status: 405, says: ['Method not allowed', 'This method is not supported here.', 'Unsupported request method'] },
  pastLastPage: { status: 404, says: ['No such page', 'Page out of range', 'There are no more records.'] },
  missing: { status: 400, says: ['A required parameter is missing', 'Incomplete request', 'Parameters missing'] },
  badPhrase: { status: 400, says: ['Invalid user_filter', 'The search phrase could not be read.', 'Bad filter'] },
  badField: { status: 400, says: ['Unknown field requested', 'Invalid value in fields', 'A field was not recognized.'] },
  badUsername: { status: 400, says: ['Invalid username', 'The username is not acceptable.', 'username: 4-40 legal characters'] },
  usernameTaken: { status: 409, says: ['Username exists', 'A user with this name is already on file.', 'Duplicate user'] },
  tooLong: { status: 400, says: ['Value too long', 'A field exceeds its limit.', 'Data too long for field'] },
  badDate: { status: 400, says: ['Invalid date', 'Dates must be YYYYMMDD.', 'A date could not be understood.'] },
  badRole: { status: 400, says: ['Invalid role', 'Role must be manager or learner.', 'Unknown role'] },
  badManager: { status: 400, says: ['Invalid manager', 'manager_id is not a manager.', 'No such manager'] },
  badLocalization: { status: 400, says: ['Unknown localization', 'Language pack not installed', 'Invalid language'] },
  unknownUser: { status: 404, says: ['User not found', 'No such user', 'The user id does not exist.'] },
  unknownCourse: { status: 404, says: ['Course not found', 'No such course', 'The course id does not exist.'] },
  unknownPathOfLearning: { status: 404, says: ['Learning path not found', 'No such path', 'Unknown learning path id'] },
  unknownGroup: { status: 404, says: ['Group not found', 'No such usergroup', 'Unknown group'] },
  unknownToken: { status: 404, says: ['Token not found', 'No such token', 'Nothing to revoke'] },
  inactiveUser: { status: 400, says: ['User is not active', 'The account is inactive.', 'This user is disabled'] },
  inactiveCourse: { status: 400, says: ['Course is not active', 'This course is inactive.', 'Enrollment is closed'] },
  alreadyEnrolled: { status: 400, says: ['User is already enrolled', 'Enrollment exists', 'Nothing to do for this user'] },
  notEnrolled: { status: 400, says: ['User is not enrolled', 'No such enrollment', 'Nothing to remove'] },
  endNotLater: {
    status: 400,
    says: ['End must be later than start', 'Invalid access window', 'The dates contradict each other.'],
  },
  badGroupName: { status: 400, says: ['Invalid group name', 'The name is not acceptable.', 'Group name: 4-99 characters'] },
  groupExists: { status: 409, says: ['Group exists', 'A group of this name is already on file.', 'Duplicate group'] },
  alreadyMember: { status: 400, says: ['User is already a member', 'Membership exists', 'Already in this group'] },
  notMember: { status: 400, says: ['User is not a member', 'No such membership', 'Not in this group'] },
} as const satisfies Record<string, { status: number; says: readonly [string, ...string[]] }>;
