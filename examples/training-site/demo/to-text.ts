const breaks = /<\/(p|h\d|li|tr|dt|dd|div|article|section|header|footer)>|<br>/g;
const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', middot: '·' };

/** What a person reads of a page, without its looks. Good enough for our own pages; not for the web. */
export function toText(html: string): string {
  return html
    .replace(/<(head|style|script|svg|thead)\b[\s\S]*?<\/\1>/g, '')
    .replace(/\s+/g, ' ')
    .replace(/<\/t[hd]> ?<t[hd][^>]*>/g, '  ')
    .replace(/<li>/g, '- ')
    .replace(breaks, '\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&(#x?[\da-f]+|\w+);/gi, (whole, entity: string) => decode(entity) ?? whole)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

function decode(entity: string): string | undefined {
  if (!entity.startsWith('#')) return names[entity];
  return String.fromCodePoint(entity[1] === 'x' ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1)));
}
