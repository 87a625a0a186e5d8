import { isEmailAddress } from '../contract/email-address.ts';
import { didYouMean } from './problems.ts';
import { isContent, type Content } from './read-files.ts';
import type { Report } from './resolve.ts';
import { whyNoBaseUrl, whyNoWebAddress } from './web-address.ts';

const shortestSecret = 32;
const shortestToken = 16;

/**
 * Checks what the schema cannot say about handover.json, once settings and secrets are in place. Copes with refused content.
 * `written` is the content as it stands in the file.
 */
export function checkSite(content: Content, written: Content, report: Report): void {
  const { baseUrl, mode, mail } = content;
  if (typeof baseUrl === 'string' && whyNoWebAddress(baseUrl) === undefined) {
    const fault = whyNoBaseUrl(baseUrl);
    if (fault !== undefined) report(['baseUrl'], fault);
  }
  if (isContent(content['site'])) checkFacts(content['site'], report);
  checkWatching(content, written, report);
  if (mail === undefined && mode !== 'test') {
    report(['mail'], 'This is missing. In live mode buyers and the owner are told by mail: add "mail" with "from" and "smtp".');
  }
  const references = listOf(written['secret']);
  listOf(content['secret']).forEach((secret, index) => {
    if (typeof secret !== 'string' || !isContent(references[index]) || secret.length >= shortestSecret) return;
    const keys = Array.isArray(content['secret']) ? ['secret', index] : ['secret'];
    report(
      keys,
      `The secret is too short: it needs at least ${shortestSecret} characters. "openssl rand -hex 32" makes a good one.`,
    );
  });
}

/** Alarms about gateways that are there, and a token that is not guessed. */
function checkWatching({ alarms, metrics }: Content, written: Content, report: Report): void {
  const gateways = isContent(written['gateways']) ? Object.keys(written['gateways']) : [];
  const silence = isContent(alarms) ? alarms['silenceHours'] : undefined;
  for (const name of isContent(silence) ? Object.keys(silence) : []) {
    if (gateways.includes(name)) continue;
    report(['alarms', 'silenceHours', name], `There is no gateway "${name}".${didYouMean(name, gateways)}`);
  }
  const isNamed = isContent(written['metrics']) && isContent(written['metrics']['token']);
  const token = isContent(metrics) && isNamed ? metrics['token'] : undefined;
  if (typeof token !== 'string' || (token.length >= shortestToken && /^[\w.~+/-]+=*$/.test(token))) return;
  const needs = `at least ${shortestToken} letters, digits and "-._~+/"`;
  report(['metrics', 'token'], `The token is not fit for a header: it needs ${needs}. "openssl rand -hex 16" makes a good one.`);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function checkFacts({ support, language, timeZone }: Content, report: Report): void {
  if (typeof support === 'string') {
    const keys = ['site', 'support'];
    if (support.startsWith('mailto:')) {
      if (!isEmailAddress(support.slice('mailto:'.length))) report(keys, 'After "mailto:" there must be one mail address.');
    } else if (/^https?:/.test(support)) {
      const fault = whyNoWebAddress(support);
      if (fault !== undefined) report(keys, fault);
    }
  }
  if (typeof language === 'string' && !works(() => Intl.getCanonicalLocales(language))) {
    report(['site', 'language'], 'This is not a language code (BCP 47). For example: "en" or "de-AT".');
  }
  if (typeof timeZone === 'string' && !works(() => new Intl.DateTimeFormat('en', { timeZone }))) {
    report(['site', 'timeZone'], 'This is not a time zone (IANA name). For example: "Europe/Vienna".');
  }
}

function works(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
