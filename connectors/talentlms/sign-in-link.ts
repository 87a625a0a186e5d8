import { type ActionContext, StepError, textOf } from 'handover/contract';
import type { Client } from './client.ts';
import type { Enrolment } from './enrolment.ts';

/**
 * A sign-in link into the course for this click, or the plain address. A link is as good as a password: it is never logged nor
 * kept, and goes nowhere but to the portal. Whoever pays can type in any mail address, so by default only accounts that the
 * same order made are signed in.
 */
export async function signInLink(
  client: Client,
  { userId, courseId, courseUrl, isNewAccount }: Enrolment,
  { log }: Pick<ActionContext, 'log'>,
): Promise<string> {
  const { signIn, siteUrl, baseUrl } = client.settings;
  if (signIn === 'never' || (signIn === 'newAccounts' && !isNewAccount)) return courseUrl;
  try {
    const path = `/courses/${courseId}/users/${userId}/goto`;
    const row = await client.row({ method: 'GET', path, what: `make a sign-in link for user ${userId}`, writes: false });
    const link = Object.values(row)
      .map(textOf)
      .find((value) => isOf(value, siteUrl) || isOf(value, baseUrl));
    if (link !== undefined) return link;
    log.warn(
      { code: 'TALENTLMS_SIGN_IN_MISSING', user: userId },
      'TalentLMS gave no sign-in link; the learner was sent to the course',
    );
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    log.warn({ code: error.code, user: userId }, 'TalentLMS could not make a sign-in link; the learner was sent to the course');
  }
  return courseUrl;
}

function isOf(link: string, site: string): boolean {
  return URL.canParse(link) && URL.canParse(site) && new URL(link).origin === new URL(site).origin;
}
