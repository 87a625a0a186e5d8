import { type ActionContext, StepError, textOf } from 'handover/contract';
import type { Client } from './client.ts';

/**
 * A sign-in link for this click that leads on to the page, or the plain page. It is a credential: never logged nor kept. Whoever
 * pays can type in any mail address, so by default only accounts that the same order made are signed in. Asked for by user id,
 * since by an address LearnWorlds would make an account. Source: https://www.learnworlds.dev/docs/api/58052c1c3066e-single-sign-on
 */
export async function signInLink(
  client: Client,
  { userId, courseUrl, isNewAccount }: { readonly userId: string; readonly courseUrl: string; readonly isNewAccount: boolean },
  { log }: Pick<ActionContext, 'log'>,
): Promise<string> {
  const { signIn, schoolUrl } = client.settings;
  if (signIn === 'never' || (signIn === 'newAccounts' && !isNewAccount)) return courseUrl;
  try {
    const answer = await client.row({
      ...{ what: `make a sign-in link for user ${userId}`, writes: false, method: 'POST', path: '/sso' },
      data: { user_id: userId, redirectUrl: courseUrl },
    });
    const url = textOf(answer['url']);
    if (answer['success'] === true && URL.canParse(url) && new URL(url).origin === new URL(schoolUrl).origin) return url;
    log.warn(
      { code: 'LEARNWORLDS_SIGN_IN_MISSING', user: userId },
      'LearnWorlds gave no sign-in link; the learner was sent to the page',
    );
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    log.warn({ code: error.code, user: userId }, 'LearnWorlds could not make a sign-in link; the learner was sent to the page');
  }
  return courseUrl;
}
