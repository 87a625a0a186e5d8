import { createAttempt } from 'handover/contract';

/** How often an answer that may be a passing trouble, or a wrong setting, is met before a person is asked. */
export const attempt = createAttempt('Axis LMS', {
  AXIS_UNREADABLE: 7,
  AXIS_SERVER_ERROR: 8,
  AXIS_LEGACY_FALSE: 3,
});
