import Stripe from 'stripe';
import { giveUp, StepError, tryLater } from '../../contract/errors.ts';

/** Says of a failed call whether to ask again, and if not, what a person has to put right. */
export function explainApiError(error: unknown, what: string): StepError {
  if (error instanceof StepError) return error;
  if (!(error instanceof Stripe.errors.StripeError)) {
    return tryLater('STRIPE_CALL_FAILED', `Asking Stripe for ${what} failed.`, { cause: error });
  }
  if (error.detail instanceof StepError) return error.detail;
  const told = withoutKeys(error.message);
  switch (error.statusCode) {
    case 401:
      return giveUp('STRIPE_KEY_REFUSED', `Stripe refuses the API key: ${told}`, {
        hint: 'Put a valid key into the variable or file that "apiKey" names, then retry.',
      });
    case 403:
      return giveUp('STRIPE_KEY_FORBIDDEN', `The API key may not read ${what}: ${told}`, {
        hint: 'Give the restricted key read permission for it in the Stripe dashboard (Developers, API keys), then retry.',
      });
    case 404:
      return giveUp('STRIPE_OBJECT_UNKNOWN', `Stripe does not know ${what}: ${told}`, {
        hint: 'The key may be of another account, or a test key where the payment was live (or the reverse). Compare "apiKey" and "secrets".',
      });
    case 409:
      return tryLater('STRIPE_BUSY', `Stripe is changing ${what} at this moment (409).`);
    case undefined:
      return tryLater('STRIPE_CALL_FAILED', `Asking Stripe for ${what} failed: ${told}`, { cause: error });
    default:
      return giveUp('STRIPE_REQUEST_REFUSED', `Stripe refuses to give ${what} (${error.statusCode}): ${told}`);
  }
}

/** Stripe quotes keys, shortened, in its messages. */
function withoutKeys(message: string): string {
  return message.replace(/\b(?:sk|rk|pk|whsec)_\S+/g, '(key)');
}
