import mustache from 'mustache';

/** Dotted name to text, e.g. `order.number`. */
export type Names = ReadonlyMap<string, string>;

type Token = readonly [kind: string, value: string, ...rest: unknown[]];

/**
 * Puts values into the `{{name}}` of an owner's text. The result is plain text: whoever prints it as HTML escapes it, once.
 * Values are never read as templates. Names without a value leave nothing behind, not even the space before a comma
 * ("Hello {{buyer.firstName}}," becomes "Hello,"). Never throws.
 */
export function fillText(template: string, names: Names): string {
  let text = '';
  let leftNothing = false;
  for (const [kind, value] of tokensOf(template)) {
    if (kind === 'text') {
      if (leftNothing && text.endsWith(' ') && /^[,.;:!?)]/.test(value)) text = text.slice(0, -1);
      text += value;
      leftNothing = false;
    } else if (isName(kind)) {
      const filled = names.get(value) ?? '';
      text += filled;
      leftNothing = filled === '';
    }
  }
  return text;
}

/** The names a text uses. */
export function namesIn(template: string): string[] {
  return tokensOf(template).flatMap(([kind, value]) => (isName(kind) ? [value] : []));
}

function isName(kind: string): boolean {
  return kind === 'name' || kind === '&';
}

/** A text that Mustache cannot read (the configuration check refuses those) stands as it is, without its tags. */
function tokensOf(template: string): readonly Token[] {
  try {
    return mustache.parse(template);
  } catch {
    return [['text', template.replace(/\{\{[^}]*\}*/g, '')]];
  }
}
