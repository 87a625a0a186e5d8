/** Enough to find, create, enrol, read back, suspend, unenrol, group, add to a cohort and make a login link. */
export const sufficientCapabilities = [
  'webservice/rest:use',
  'moodle/user:create',
  'moodle/user:viewdetails',
  'moodle/site:viewuseridentity',
  'moodle/course:useremail',
  'moodle/course:view',
  'moodle/course:viewparticipants',
  'moodle/course:viewhiddencourses',
  'enrol/manual:enrol',
  'enrol/manual:unenrol',
  'moodle/role:assign',
  'moodle/course:managegroups',
  'moodle/cohort:assign',
  'auth/userkey:generatekey',
] as const;

/** Further ones that change what is shown or can be done. */
export type MoodleCapability =
  | (typeof sufficientCapabilities)[number]
  | 'moodle/user:viewalldetails'
  | 'moodle/user:update'
  | 'moodle/user:delete'
  | 'moodle/course:update'
  | 'moodle/course:enrolreview'
  | 'moodle/cohort:manage'
  | 'moodle/cohort:view';
