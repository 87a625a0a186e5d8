import { didYouMean } from './problems.ts';
import { readTemplate, takenWords, type UsedName } from './placeholders.ts';
import { isContent } from './read-files.ts';
import type { Report } from './resolve.ts';

/** Names a text may use. `guarded`: further ones that may be missing, and so only stand inside their own section. */
export interface AllowedNames {
  readonly always: readonly string[];
  readonly guarded?: readonly string[];
  /** Names of grants that are not known for sure; nothing is said about their placeholders. */
  readonly unsure?: (name: string) => boolean;
}

type Keys = readonly (string | number)[];

/** Outcomes that take a reason for a grant away. */
const decidingOutcomes: readonly string[] = ['refunded', 'disputed', 'ended'];

/** Checks every text of `outcomes`: its placeholders, and where its buttons lead. */
export function checkOutcomes(outcomes: unknown, allowed: AllowedNames, report: Report): void {
  for (const [outcome, { page, mail, learnerMail, grants }] of entriesOf(outcomes)) {
    const keys = ['outcomes', outcome];
    if (grants !== undefined && !decidingOutcomes.includes(outcome)) {
      report(
        [...keys, 'grants'],
        `This outcome takes no reason for a grant away. Say it under ${decidingOutcomes.join(', ')}, or take it out.`,
      );
    }
    if (isContent(page)) {
      checkText(page['heading'], [...keys, 'page', 'heading'], allowed, report);
      checkText(page['text'], [...keys, 'page', 'text'], allowed, report);
      if (isContent(page['button'])) {
        checkText(page['button']['label'], [...keys, 'page', 'button', 'label'], allowed, report);
        checkText(page['button']['link'], [...keys, 'page', 'button', 'link'], allowed, report);
        checkLink(page['button']['link'], [...keys, 'page', 'button', 'link'], report);
      }
    }
    for (const [name, letter] of Object.entries({ mail, learnerMail })) {
      if (!isContent(letter)) continue;
      const known = name === 'mail' ? allowed : withoutOrder(allowed);
      checkText(letter['subject'], [...keys, name, 'subject'], known, report);
      checkText(letter['text'], [...keys, name, 'text'], known, report);
    }
  }
}

/** The order's page and sum are the buyer's own. */
function withoutOrder(allowed: AllowedNames): AllowedNames {
  return { ...allowed, always: allowed.always.filter((name) => name !== 'order.url' && name !== 'order.total') };
}

/** Checks the texts of mails for later, and that each says when. */
export function checkFollowUps(followUps: unknown, allowed: AllowedNames, report: Report): void {
  for (const [name, { daysAfter, daysBeforeEnd, mail }] of entriesOf(followUps)) {
    const keys = ['followUps', name];
    if ((daysAfter === undefined) === (daysBeforeEnd === undefined))
      report(keys, 'Say when it goes out: either "daysAfter" or "daysBeforeEnd".');
    if (!isContent(mail)) continue;
    checkText(mail['subject'], [...keys, 'mail', 'subject'], allowed, report);
    checkText(mail['text'], [...keys, 'mail', 'text'], allowed, report);
  }
}

/** Checks the texts of a grant's `with`, however deep they stand. */
export function checkInputTexts(
  value: unknown,
  keys: Keys,
  allowed: AllowedNames,
  grants: readonly string[],
  report: Report,
): void {
  if (Array.isArray(value)) {
    value.forEach((inside, index) => checkInputTexts(inside, [...keys, index], allowed, grants, report));
  } else if (isContent(value)) {
    for (const [key, inside] of Object.entries(value)) checkInputTexts(inside, [...keys, key], allowed, grants, report);
  } else if (typeof value === 'string') {
    for (const { name } of usedNames(value, keys, report)) {
      if (allowed.always.includes(name)) continue;
      const isGiven = name === 'reason' || grants.includes(name.split('.')[0] ?? '');
      report(
        keys,
        isGiven
          ? `{{${name}}} is not known yet when a grant is made. Use placeholders of order, buyer, learner, product, site and metadata.`
          : unknownName(name, allowed.always),
      );
    }
  }
}

function checkText(text: unknown, keys: Keys, { always, guarded = [], unsure }: AllowedNames, report: Report): void {
  if (typeof text !== 'string') return;
  for (const used of usedNames(text, keys, report)) {
    if (always.includes(used.name) || unsure?.(used.name) === true) continue;
    if (!guarded.includes(used.name)) report(keys, unknownName(used.name, [...always, ...guarded]));
    else if (!used.guarded) {
      report(
        keys,
        `{{${used.name}}} is not given by every product. Put it between {{#${used.name}}} and {{/${used.name}}}, or into the products' files.`,
      );
    }
  }
  const single = /(?<!\{)\{\s*([A-Za-z]\w*(?:\.\w+)?)\s*\}(?!\})/.exec(text)?.[1];
  if (single !== undefined && always.includes(single)) report(keys, `{${single}} has one brace. Write two: {{${single}}}`);
}

function usedNames(text: string, keys: Keys, report: Report): UsedName[] {
  try {
    return readTemplate(text);
  } catch (error) {
    report(keys, error instanceof Error ? error.message : 'The placeholders cannot be read.');
    return [];
  }
}

function unknownName(name: string, known: readonly string[]): string {
  if (name === '') return '{{}} names nothing. Write a name between the braces.';
  const [first = ''] = name.split('.');
  const suggestion = didYouMean(name, known, (other) => `{{${other}}}`);
  if (takenWords.includes(first)) {
    const related = known.filter((other) => other.split('.')[0] === first);
    const hint = suggestion === '' || suggestion.startsWith(' Known') ? knownHere(related) : suggestion;
    return `{{${name}}} is not known here.${hint}`;
  }
  const given = known.filter((other) => !takenWords.includes(other.split('.')[0] ?? ''));
  const hint = suggestion === '' || suggestion.startsWith(' Known') ? knownHere(given, ' The grants give') : suggestion;
  return `{{${name}}} is given by no grant.${hint}`;
}

function knownHere(names: readonly string[], begin = ' Known here:'): string {
  return names.length === 0 ? '' : `${begin} ${names.map((name) => `{{${name}}}`).join(', ')}.`;
}

/** What a buyer wrote, or a gateway, must not decide where a button leads. */
const trustedStart =
  /^\{\{\s*(order\.url|site\.url|site\.support|metadata\.[^}]*|(?!order\.|buyer\.|learner\.|product\.|site\.|reason)[^}]*)\s*\}\}/;

function checkLink(link: unknown, keys: Keys, report: Report): void {
  if (typeof link === 'string' && link.startsWith('{{') && !trustedStart.test(link)) {
    report(
      keys,
      'A link may not begin with this placeholder. Begin with "https://", or with {{order.url}} or what a grant gives.',
    );
  }
}

function entriesOf(value: unknown): [string, Record<string, unknown>][] {
  return isContent(value)
    ? Object.entries(value).filter((entry): entry is [string, Record<string, unknown>] => isContent(entry[1]))
    : [];
}
