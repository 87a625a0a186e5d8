import { StepError, type ActionContext } from 'handover/contract';
import { textOf, type Client } from './client.ts';

/**
 * A sign-in link for this click that leads on to the course, or the plain address. A link is a credential for one use: it is
 * never logged nor kept. Whoever pays can type in any mail address, so by default only accounts that the same order made are
 * signed in. Source: https://moodle.org/plugins/auth_userkey
 */
export async function signInLink(
  client: Client,
  { userId, courseUrl, isNewAccount }: { readonly userId: number; readonly courseUrl: string; readonly isNewAccount: boolean },
  { log }: Pick<ActionContext, 'log'>,
): Promise<string> {
  const { signIn, siteUrl, userKeyField: field } = client.settings;
  if (signIn === 'never' || (signIn === 'newAccounts' && !isNewAccount)) return courseUrl;
  try {
    const [user] = await client.rows('core_user_get_users_by_field', {
      what: `read user ${userId}`,
      writes: false,
      parameters: { field: 'id', values: [userId] },
    });
    const value = textOf(user?.[field]);
    if (user && user['suspended'] !== true && value !== '') {
      const { loginurl } = await client.row('auth_userkey_request_login_url', {
        what: `make a sign-in link for user ${userId}`,
        writes: false,
        parameters: { user: { [field]: value } },
      });
      const link = textOf(loginurl);
      if (isOfSite(link, siteUrl)) return `${link}&wantsurl=${encodeURIComponent(courseUrl)}`;
    }
    log.warn(
      { code: 'MOODLE_SIGN_IN_MISSING', user: userId },
      'Moodle gave no sign-in link; the learner was sent to the course page',
    );
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    log.warn({ code: error.code, user: userId }, 'Moodle could not make a sign-in link; the learner was sent to the course page');
  }
  return courseUrl;
}

/** A key goes nowhere but to the site, and the site tells its address itself. */
function isOfSite(link: string, siteUrl: string): boolean {
  return (
    URL.canParse(link) && URL.canParse(siteUrl) && new URL(link).origin === new URL(siteUrl).origin && link.includes('?key=')
  );
}
