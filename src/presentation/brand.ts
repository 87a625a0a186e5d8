import type { BrandConfig } from './config-shapes.ts';
import { contrast, mix, readableOn, readColor, toHex, type Color } from './colors.ts';

/** A site's look, checked: only colours and font names that we could read ourselves ever reach a style sheet. */
export interface Look {
  readonly layout: 'card' | 'wide' | 'plain';
  readonly colors: Colors;
  /** Colours for a dark screen; undefined where the site chose its own background, surface or text. */
  readonly dark: Colors | undefined;
  readonly fonts: { readonly body: string; readonly heading: string };
}

/** All as `#rrggbb`. */
export interface Colors {
  readonly primary: string;
  /** Text on a button. */
  readonly onPrimary: string;
  /** The primary colour as text: readable on `surface`. */
  readonly link: string;
  readonly background: string;
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  /** Ground of keys and summaries. */
  readonly shade: string;
}

const systemFonts = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const genericFonts = /^(serif|sans-serif|monospace|cursive|fantasy|system-ui|ui-[a-z-]+|-apple-system)$/;
/** The colours of a site that chose none; the schema's defaults. */
const usual = { primary: [31, 79, 143], background: [243, 244, 246], surface: [255, 255, 255], text: [28, 36, 48] } as const;

export function lookOf({ colors, fonts, layout }: BrandConfig): Look {
  const primary = readColor(colors.primary) ?? usual.primary;
  const background = readColor(colors.background) ?? usual.background;
  const surface = readColor(colors.surface) ?? usual.surface;
  const text = readColor(colors.text) ?? usual.text;
  const isUsual =
    `${background.join()} ${surface.join()} ${text.join()}` ===
    `${usual.background.join()} ${usual.surface.join()} ${usual.text.join()}`;
  return {
    layout,
    colors: palette(primary, background, surface, text),
    dark: isUsual ? palette(primary, [17, 20, 26], [27, 31, 39], [233, 236, 241]) : undefined,
    fonts: { body: fontStack(fonts.body), heading: fontStack(fonts.heading) },
  };
}

function palette(primary: Color, background: Color, surface: Color, wantedText: Color): Colors {
  const text = readableOn(surface, wantedText, 7);
  const onPrimary: Color = contrast([255, 255, 255], primary) >= 4.5 ? [255, 255, 255] : readableOn(primary, [17, 20, 26]);
  const shade = mix(text, surface, 0.05);
  return {
    primary: toHex(primary),
    onPrimary: toHex(onPrimary),
    link: toHex(readableOn(shade, primary)),
    background: toHex(background),
    surface: toHex(surface),
    text: toHex(text),
    muted: toHex(readableOn(shade, mix(text, surface, 0.7), 5)),
    line: toHex(mix(text, surface, 0.14)),
    shade: toHex(shade),
  };
}

/** `Georgia, "Times New Roman"` with every name checked and quoted; system fonts behind. */
export function fontStack(fonts: string | undefined): string {
  const names = (fonts ?? '')
    .split(',')
    .map((name) => name.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .filter((name) => /^[A-Za-z0-9][A-Za-z0-9 -]{0,60}$|^-apple-system$/.test(name));
  if (names.length === 0) return systemFonts;
  const quoted = names.map((name) => (genericFonts.test(name) ? name : `'${name}'`)).join(', ');
  return names.some((name) => genericFonts.test(name)) ? quoted : `${quoted}, ${systemFonts}`;
}

/** The public address of the logo: absolute ones as they are, `/path` on the site's own host. */
export function logoAddress(logo: string | undefined, baseUrl: string): string | undefined {
  const wanted = (logo ?? '').trim();
  if (/^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,][^\s"'<>]*$/i.test(wanted)) return wanted;
  if (!/^(https?:\/\/|\/)[^\s"'<>]*$/i.test(wanted) || !URL.canParse(wanted, baseUrl)) return undefined;
  return new URL(wanted, baseUrl).href;
}
