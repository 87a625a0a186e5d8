import { colorNames } from './color-names.ts';

/** Red, green, blue, each 0 to 255. */
export type Color = readonly [number, number, number];

/** Reads `#rgb`, `#rrggbb`, `rgb(1, 2, 3)` or a colour's name. Anything else is undefined, never passed on. */
export function readColor(text: string | undefined): Color | undefined {
  const plain = (text ?? '').trim().toLowerCase();
  const hex = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/.test(plain) ? plain : colorNames.get(plain);
  if (hex !== undefined) {
    const long = hex.length === 4 ? hex.replace(/[0-9a-f]/g, '$&$&') : hex;
    return [1, 3, 5].map((at) => Number.parseInt(long.slice(at, at + 2), 16)) as unknown as Color;
  }
  const parts = /^rgb\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)$/.exec(plain)?.slice(1).map(Number);
  return parts?.every((part) => part <= 255) ? (parts as unknown as Color) : undefined;
}

export function toHex(color: Color): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

/** `share` of `a`, the rest of `b`. */
export function mix(a: Color, b: Color, share: number): Color {
  return a.map((part, index) => part * share + (b[index] ?? 0) * (1 - share)) as unknown as Color;
}

/** Contrast ratio by WCAG 2, 1 to 21; text needs 4.5. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(a: Color, b: Color): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((one, two) => two - one) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: Color): number {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** `wanted` when it can be read on `ground`, else moved towards black or white until it can. */
export function readableOn(ground: Color, wanted: Color, ratio = 4.5): Color {
  const end: Color = contrast([0, 0, 0], ground) > contrast([255, 255, 255], ground) ? [0, 0, 0] : [255, 255, 255];
  for (let share = 1; share > 0; share -= 0.1) {
    const color = mix(wanted, end, share);
    if (contrast(color, ground) >= ratio) return color;
  }
  return end;
}
