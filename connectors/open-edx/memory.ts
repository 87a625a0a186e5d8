import { createAttempt } from 'handover/contract';

/** How often an answer that may be a passing trouble, or a wrong setting, is met before a person is asked. */
export const attempt = createAttempt('Open edX', {
  EDX_UNREADABLE: 7,
  EDX_SERVER_ERROR: 8,
  EDX_ERROR: 3,
});
