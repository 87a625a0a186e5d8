import { lookOf, type Colors } from '../presentation/brand.ts';
import type { BrandConfig } from '../presentation/config-shapes.ts';

/** The site's colours and fonts as custom properties; put in front of `handover.css`, which uses them. */
export function brandStyles(brand: BrandConfig): string {
  const { colors, dark, fonts } = lookOf(brand);
  const parts = [
    `:root {\n  color-scheme: ${dark ? 'light dark' : 'only light'};\n${properties(colors)}  --font-body: ${fonts.body};\n  --font-heading: ${fonts.heading};\n}`,
  ];
  if (dark) parts.push(`@media (prefers-color-scheme: dark) {\n:root {\n${properties(dark)}}\n}`);
  return `${parts.join('\n')}\n`;
}

function properties(colors: Colors): string {
  return Object.entries(colors)
    .map(([name, color]) => `  --${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${color as string};\n`)
    .join('');
}
