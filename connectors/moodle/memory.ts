import { createAttempt } from 'handover/contract';

/** How often an answer that may be a passing trouble, or a wrong setting, is met before a person is asked. */
export const attempt = createAttempt('Moodle', {
  MOODLE_UNREADABLE: 7,
  MOODLE_SERVER_ERROR: 8,
  MOODLE_NOT_ENROLLED: 6,
  MOODLE_REFUSED: 3,
  MOODLE_WRITE_FAILED: 2,
});
