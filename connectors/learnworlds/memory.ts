import { createAttempt } from 'handover/contract';

/** How often an answer that may be a passing trouble, or a wrong setting, is met before a person is asked. */
export const attempt = createAttempt('LearnWorlds', {
  LEARNWORLDS_UNREADABLE: 7,
  LEARNWORLDS_SERVER_ERROR: 8,
  LEARNWORLDS_NOT_CONFIRMED: 3,
});
