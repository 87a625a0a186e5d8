import { verify as verifySignature } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { tryLater } from '../../contract/errors.ts';
import { refused, type Callback, type Verdict } from '../../contract/gateway.ts';
import { textAt } from '../json-fields.ts';
import { createTurns } from '../turns.ts';
import { openApi } from './api.ts';
import { trustedKey } from './certificate-chain.ts';
import { certificatesAt } from './certificates.ts';
import { exactText, parseObject } from './notice.ts';
import type { PaypalContext } from './options.ts';
import { readTransmission, type Transmission } from './transmission.ts';

/**
 * Whether PayPal sent this callback, to this webhook, about now. Undefined: yes. By `verification` in one of two ways, never in
 * either: that would be as weak as the weaker (https://developer.paypal.com/api/rest/webhooks/rest/).
 */
export async function prove(callback: Callback, context: PaypalContext): Promise<Verdict | undefined> {
  const transmission = readTransmission(callback, context);
  if ('kind' in transmission) return transmission;
  return context.options.verification === 'postback'
    ? proveByPostback(callback, transmission, context)
    : proveOffline(callback, transmission, context);
}

/** RSA with SHA-256 over id, time, webhook id and the CRC-32 of the bytes, each with a bar between. */
async function proveOffline({ body }: Callback, sent: Transmission, context: PaypalContext): Promise<Verdict | undefined> {
  const key = trustedKey(await certificatesAt(sent.certificate, context), context.options.roots, context.now());
  if (typeof key === 'string') {
    return refused('PAYPAL_CERTIFICATE_UNTRUSTED', `The certificate that the callback names is not trusted: ${key}.`);
  }
  const signature = Buffer.from(sent.signature, 'base64');
  const isSigned = webhooksOf(context).some((webhook) => {
    const signed = `${sent.id}|${sent.time}|${webhook}|${crc32(body)}`;
    return verifySignature('RSA-SHA256', Buffer.from(signed), key, signature);
  });
  return isSigned ? undefined : mismatch();
}

/** Each proof costs calls to PayPal, so whoever sends forgeries does not get more of them at once. */
const turns = createTurns(8, 32);

/**
 * PayPal is asked. The event stands in the request byte by byte as it was delivered; written anew it would be another one, and
 * the answer FAILURE. It has to be one whole JSON object: anything else could close its member and add a webhook id of its own.
 */
async function proveByPostback({ body }: Callback, sent: Transmission, context: PaypalContext): Promise<Verdict | undefined> {
  const event = exactText(body);
  if (event === undefined || !parseObject(body)) return refused('MALFORMED', 'The body is not a JSON object in UTF-8.');
  const { verifySignature } = openApi(context);
  return turns(async () => {
    for (const webhook of webhooksOf(context)) {
      const answer = await verifySignature(postbackOf(sent, webhook, event));
      if (textAt(answer, 'verification_status') === 'SUCCESS') return undefined;
    }
    return mismatch();
  }, tooMany);
}

function tooMany(): Error {
  return tryLater('PAYPAL_BUSY', 'Too many callbacks are being proved at once.', { retryAfterMs: 10_000 });
}

function postbackOf({ id, time, signature, certificate }: Transmission, webhook: string, event: string): string {
  const head = JSON.stringify({
    auth_algo: 'SHA256withRSA',
    cert_url: certificate.href,
    transmission_id: id,
    transmission_sig: signature,
    transmission_time: time,
    webhook_id: webhook,
  });
  return `${head.slice(0, -1)},"webhook_event":${event}}`;
}

function webhooksOf({ options }: PaypalContext): string[] {
  return options.webhookIds.map((id) => id.trim()).filter((id) => id !== '');
}

function mismatch(): Verdict {
  return refused(
    'SIGNATURE_MISMATCH',
    'PayPal did not sign this for one of the configured webhooks. Compare "webhookIds" with the app\'s webhook for this very address.',
  );
}
