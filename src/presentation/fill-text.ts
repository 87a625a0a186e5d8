import mustache from 'mustache';

/** Dotted name to text, e.g. `order.number`. */
export type Names = ReadonlyMap<string, string>;

type Token = readonly [kind: string, value: string, start: number, end: number, inside?: unknown];

/**
 * Puts values into the `{{name}}` of an owner's text; `{{#name}} … {{/name}}` stands only where the name has a value, and
 * `{{^name}} … {{/name}}` only where it has none. The result is plain text: whoever prints it as HTML escapes it, once.
 * Values are never read as templates. Names without a value leave nothing behind, not even the space before a comma
 * ("Hello {{buyer.firstName}}," becomes "Hello,"). Never throws.
 */
export function fillText(template: string, names: Names): string {
  let text = '';
  let leftNothing = false;
  const fill = (tokens: readonly Token[]): void => {
    for (const [kind, value, , , inside] of tokens) {
      const filled = names.get(value) ?? '';
      if (kind === 'text') {
        if (leftNothing && text.endsWith(' ') && /^[,.;:!?)]/.test(value)) text = text.slice(0, -1);
        text += value;
        leftNothing = false;
      } else if (isName(kind)) {
        text += filled;
        leftNothing = filled === '';
      } else if ((kind === '#' && filled !== '') || (kind === '^' && filled === '')) {
        fill(tokensIn(inside));
      }
    }
  };
  fill(tokensOf(template));
  return text;
}

/** The names whose values a text shows. */
export function namesIn(template: string): string[] {
  const shown = (tokens: readonly Token[]): string[] =>
    tokens.flatMap(([kind, value, , , inside]) => (isName(kind) ? [value] : shown(tokensIn(inside))));
  return shown(tokensOf(template));
}

function tokensIn(inside: unknown): readonly Token[] {
  return Array.isArray(inside) ? (inside as Token[]) : [];
}

function isName(kind: string): boolean {
  return kind === 'name' || kind === '&';
}

/** A text that Mustache cannot read (the configuration check refuses those) stands as it is, without its tags. */
function tokensOf(template: string): readonly Token[] {
  try {
    return mustache.parse(template, ['{{', '}}']) as unknown as readonly Token[];
  } catch {
    return [['text', template.replace(/\{\{[^}]*\}*/g, ''), 0, 0]];
  }
}
