import { createAttempt } from 'handover/contract';

/** How often an answer that may be a passing trouble, or a wrong setting, is met before a person is asked. */
export const attempt = createAttempt('Thinkific', {
  THINKIFIC_UNREADABLE: 7,
  THINKIFIC_SERVER_ERROR: 8,
  THINKIFIC_ERROR: 3,
});
