import { createAttempt } from 'handover/contract';

/** How often an answer that may be a passing trouble, or a wrong setting, is met before a person is asked. */
export const attempt = createAttempt('Docebo', {
  DOCEBO_UNREADABLE: 7,
  DOCEBO_SERVER_ERROR: 8,
  DOCEBO_NOT_CONFIRMED: 3,
});
