import { createAttempt } from 'handover/contract';

/** How often an answer that may be a passing trouble, or a wrong setting, is met before a person is asked. */
export const attempt = createAttempt('Canvas', {
  CANVAS_UNREADABLE: 7,
  CANVAS_SERVER_ERROR: 8,
  CANVAS_ERROR: 3,
  CANVAS_ACCOUNT_REFUSED: 3,
});
