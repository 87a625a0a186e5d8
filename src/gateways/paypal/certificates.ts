import type { X509Certificate } from 'node:crypto';
import { StepError, tryLater } from '../../contract/errors.ts';
import { readBundle } from './certificate-chain.ts';
import type { PaypalContext } from './options.ts';

type Bundle = readonly X509Certificate[];

const keptMs = 24 * 60 * 60 * 1000;
/** A few are in use at a time. */
const mostKept = 20;
/** An address without a certificate is not asked about again for so long. */
const missedMs = 60_000;
const mostMissed = 500;
/** So many addresses may be asked about at once: whoever invents some must not have us flood PayPal, which repeats the rest. */
const mostAsking = 4;
const timeoutMs = 5000;
const longestText = 65_536;

const kept = new Map<string, { readonly bundle: Bundle; readonly at: number }>();
const missed = new Map<string, number>();
const asking = new Map<string, Promise<Bundle>>();

/**
 * The certificates at an address of PayPal's (`certificateAddress`), kept by it for a day, and longer while PayPal cannot be
 * asked; calls at the same time share one request. Empty when there is none. Throws `tryLater` when PayPal cannot be asked and
 * none is kept. `apiBase` stands in for PayPal's host.
 */
export async function certificatesAt(address: URL, context: PaypalContext): Promise<Bundle> {
  const { apiBase } = context.options;
  const url = apiBase === undefined ? address.href : apiBase.replace(/\/+$/, '') + address.pathname;
  const now = context.now().getTime();
  const known = kept.get(url);
  if (known && Math.abs(now - known.at) < keptMs) return known.bundle;
  if (Math.abs(now - (missed.get(url) ?? -Infinity)) < missedMs) return [];
  try {
    const bundle = await askOnce(url, context);
    if (bundle.length > 0) put(kept, url, { bundle, at: now }, mostKept);
    else put(missed, url, now, mostMissed);
    return bundle;
  } catch (error) {
    if (known) return known.bundle;
    throw error;
  }
}

function put<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}

function askOnce(url: string, context: PaypalContext): Promise<Bundle> {
  const underWay = asking.get(url);
  if (underWay) return underWay;
  if (asking.size >= mostAsking) return Promise.reject(unreachable('Too many of them are being asked for at once.'));
  const answer = ask(url, context).finally(() => asking.delete(url));
  asking.set(url, answer);
  return answer;
}

/** Without a token and without redirects: the answer counts only when it comes from this very address. */
async function ask(url: string, { http }: PaypalContext): Promise<Bundle> {
  const answer = await http.send({ method: 'GET', url, timeoutMs }).catch((error: unknown) => {
    throw unreachable(
      error instanceof Error ? error.message : 'It was not sent.',
      error instanceof StepError ? error : undefined,
    );
  });
  if (answer.status === 200) return answer.text.length > longestText ? [] : readBundle(answer.text);
  if (answer.status === 404 || answer.status === 400 || answer.status === 410) return [];
  throw unreachable(`It answered ${answer.status}.`, answer);
}

function unreachable(why: string, about?: { readonly retryAfterMs?: number | undefined }): StepError {
  const wait = about?.retryAfterMs;
  return tryLater(
    'PAYPAL_CERTIFICATE_UNREACHABLE',
    `PayPal gave no certificate, so the callback cannot be proved just now. ${why}`,
    {
      ...(wait !== undefined && { retryAfterMs: wait }),
      hint: "Let this server reach PayPal's API over HTTPS. PayPal sends the callback again.",
    },
  );
}
