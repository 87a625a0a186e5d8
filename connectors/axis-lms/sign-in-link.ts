import { StepError, type ActionContext } from 'handover/contract';
import { isSafeAddress, settingsOf, type AxisOptions } from './options.ts';
import type { AxisApi } from './port.ts';

/**
 * A sign-in link for this click, or the portal's address. A link is a credential: it is never logged nor kept. Whoever pays can
 * type in any mail address, so by default only accounts that the same order made are signed in.
 */
export async function signInLink(
  api: AxisApi,
  { userId, portalUrl, isNewAccount }: { readonly userId: string; readonly portalUrl: string; readonly isNewAccount: boolean },
  { options, log }: Pick<ActionContext<AxisOptions>, 'options' | 'log'>,
): Promise<string> {
  const { signIn } = settingsOf(options);
  if (signIn === 'never' || (signIn === 'newAccounts' && !isNewAccount)) return portalUrl;
  try {
    const link = await api.loginLink({ id: userId });
    if (link !== undefined && isSafeAddress(link)) return link;
    log.warn({ code: 'AXIS_SIGN_IN_MISSING' }, 'Axis LMS gave no sign-in link; the learner was sent to the portal');
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    log.warn({ code: error.code }, 'Axis LMS could not make a sign-in link; the learner was sent to the portal');
  }
  return portalUrl;
}
