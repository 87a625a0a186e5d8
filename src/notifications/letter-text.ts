import type { Block, Letter } from './letter.ts';

/** The plain text part. It stands on its own: nothing is only in the HTML part. */
export function letterText({ blocks, help, footer }: Letter): string {
  const parts = blocks.map(blockText);
  if (help) parts.push(`${help.before}${help.link.label}${help.after}${help.number === undefined ? '' : `${help.number}.`}`);
  if (footer.length > 0) parts.push(`-- \n${footer.join('\n')}`);
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.paragraphs
        .map((paragraph) => paragraph.map((line) => line.map(({ text }) => text).join('')).join('\n'))
        .join('\n\n');
    case 'heading': {
      const title = block.badge === '' ? block.text : `${block.text}: ${block.badge.toLowerCase()}`;
      return `${title}\n${'-'.repeat(Math.min(title.length, 60))}`;
    }
    case 'subheading':
      return `${block.text}:`;
    case 'button':
      return `${block.label}:\n${block.href}`;
    case 'values':
      return `${block.label}:\n${block.values.map((value) => `    ${value}`).join('\n')}`;
    case 'facts':
      return [block.title, ...block.rows.map(({ label, value }) => `  ${label}: ${value}`)].join('\n');
    case 'steps':
      return [block.title, ...block.steps.map((step) => `  - ${step}`)].join('\n');
  }
}
