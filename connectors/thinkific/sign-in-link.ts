import { createHmac } from 'node:crypto';
import { type ActionContext, StepError, textOf } from 'handover/contract';
import type { Client } from './client.ts';
import type { Enrolment } from './enrolment.ts';

/**
 * An address that signs the learner in for this click and leads on to the course, or the plain address. The token is as good as
 * a password: it is made from what Thinkific has on file, never logged nor kept. Whoever pays can type in any mail address, so
 * only accounts that the same order made are signed in, unless `signIn` says otherwise.
 * Source: https://support.thinkific.dev/hc/en-us/articles/4423909018135-Custom-SSO-Using-JWT
 */
export async function signInLink(
  client: Client,
  { userId, courseUrl, isNewAccount }: Enrolment,
  { log }: Pick<ActionContext, 'log'>,
): Promise<string> {
  const { signIn, siteUrl, apiKey } = client.settings;
  if (signIn === 'never' || (signIn === 'newAccounts' && !isNewAccount)) return courseUrl;
  try {
    const user = await client.row({ method: 'GET', path: `/users/${userId}`, what: `read user ${userId}`, writes: false });
    const email = textOf(user['email']);
    if (email !== '') {
      const names = { first_name: textOf(user['first_name']), last_name: textOf(user['last_name']) };
      const jwt = signed({ email, ...names, iat: Math.floor(client.now().getTime() / 1000) }, apiKey);
      const query = new URLSearchParams({ jwt, return_to: courseUrl, error_url: courseUrl });
      return `${siteUrl}/api/sso/v2/sso/jwt?${query.toString()}`;
    }
    log.warn(
      { code: 'THINKIFIC_SIGN_IN_MISSING', user: userId },
      'Thinkific tells no mail address; the learner was sent to the course',
    );
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    log.warn(
      { code: error.code, user: userId },
      'No sign-in link could be made for Thinkific; the learner was sent to the course',
    );
  }
  return courseUrl;
}

/** A JSON Web Token, HS256. The key is taken as its text, not decoded. */
function signed(claims: object, key: string): string {
  const parts = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return [...parts, createHmac('sha256', key).update(parts.join('.')).digest('base64url')].join('.');
}
