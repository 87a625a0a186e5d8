import { createAttempt } from 'handover/contract';

/** How often an answer that may be a passing trouble, or a wrong setting, is met before a person is asked. */
export const attempt = createAttempt('WordPress', {
  LEARNDASH_UNREADABLE: 7,
  LEARNDASH_SERVER_ERROR: 8,
});
