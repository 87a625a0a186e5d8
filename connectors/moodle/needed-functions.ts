import type { Settings } from './options.ts';

export interface NeededFunction {
  readonly name: string;
  /** What happens without it; undefined where it cannot be done without. */
  readonly without?: string;
}

/** The functions an external service has to hold for these actions. */
export function neededFunctions(actions: ReadonlySet<string>, settings: Settings): readonly NeededFunction[] {
  const { endBy, signIn, cohortBy } = settings;
  const has = (...names: readonly string[]) => names.some((name) => actions.has(name));
  const wanted: readonly (NeededFunction | false)[] = [
    { name: 'core_user_get_users' },
    { name: 'core_user_get_users_by_field' },
    { name: 'core_user_create_users' },
    has('enrol', 'addToGroup') && { name: 'core_course_get_courses_by_field' },
    has('enrol') && { name: 'core_enrol_get_users_courses' },
    has('enrol') && { name: 'core_enrol_get_enrolled_users' },
    has('enrol') && { name: 'enrol_manual_enrol_users' },
    has('enrol') && endBy === 'unenrol' && { name: 'enrol_manual_unenrol_users' },
    has('addToGroup') && { name: 'core_group_get_course_groups' },
    has('addToGroup') && { name: 'core_group_add_group_members' },
    has('addToGroup') && { name: 'core_group_delete_group_members' },
    has('addToGroup') && {
      name: 'core_group_get_group_members',
      without: 'a refund removes a learner from a group even if the learner was in it before',
    },
    has('addToCohort') && { name: 'core_cohort_add_cohort_members' },
    has('addToCohort') && { name: 'core_cohort_delete_cohort_members' },
    has('addToCohort') && cohortBy === 'idnumber' && { name: 'core_cohort_get_cohorts' },
    signIn !== 'never' && {
      name: 'auth_userkey_request_login_url',
      without: 'links lead to the course page, where learners sign in by themselves',
    },
  ];
  return wanted.filter((each) => each !== false);
}
