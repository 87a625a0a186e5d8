import { refused, type Callback, type Verdict } from '../../contract/gateway.ts';
import { headerText } from '../signature.ts';
import { certificateAddress } from './certificate-address.ts';
import { defaultToleranceSeconds, environmentOf, type PaypalContext } from './options.ts';

/** The headers of one delivery, each as strict as its documentation allows. */
export interface Transmission {
  readonly id: string;
  /** As sent: it is part of what is signed. */
  readonly time: string;
  /** Base64. */
  readonly signature: string;
  readonly certificate: URL;
}

/** The only algorithm PayPal documents. Its old SDKs knew SHA-1 as well, which proves nothing any more. */
const algorithm = 'SHA256withRSA';
/** How far PayPal's clock may be ahead of ours. */
const aheadSeconds = 300;

const forms: Readonly<Record<string, RegExp>> = {
  'paypal-transmission-id': /^[A-Za-z0-9-]{1,100}$/,
  'paypal-transmission-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/,
  'paypal-transmission-sig': /^[A-Za-z0-9+/]{300,1400}={0,2}$/,
  'paypal-cert-url': /^https:\/\/\S{1,500}$/,
};

/** The delivery's headers, or why they prove nothing. Asks nobody and decodes nothing dear. */
export function readTransmission({ headers }: Callback, context: PaypalContext): Transmission | Verdict {
  const values = Object.keys(forms).map((name) => headerText(headers, name));
  const missing = Object.keys(forms).find((_, index) => values[index] === undefined);
  if (missing !== undefined) return refused('SIGNATURE_MISSING', `The request has no ${missing} header.`);
  const malformed = Object.entries(forms).find(([, form], index) => !form.test(values[index] ?? ''));
  if (malformed) return refused('SIGNATURE_MALFORMED', `The ${malformed[0]} header has not the form PayPal gives it.`);
  if (headerText(headers, 'paypal-auth-algo') !== algorithm) {
    return refused('SIGNATURE_MALFORMED', `The paypal-auth-algo header is not ${algorithm}.`);
  }
  const [id = '', time = '', signature = '', address = ''] = values;
  const certificate = certificateAddress(address, environmentOf(context));
  if (!certificate) {
    return refused(
      'PAYPAL_CERTIFICATE_ADDRESS',
      `The certificate is not at an address of PayPal's ${environmentOf(context)} environment.`,
    );
  }
  const ageMs = context.now().getTime() - Date.parse(time);
  const { toleranceSeconds = defaultToleranceSeconds } = context.options;
  if (!(ageMs <= toleranceSeconds * 1000 && ageMs >= -aheadSeconds * 1000)) {
    return refused('SIGNATURE_STALE', `The callback is older than ${toleranceSeconds} s, or from the future.`);
  }
  return { id, time, signature, certificate };
}
