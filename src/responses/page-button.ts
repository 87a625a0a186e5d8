import type { SiteTexts } from '../presentation/config-shapes.ts';
import { fillText, type Names } from '../presentation/fill-text.ts';
import { safeLink } from '../presentation/rich-text.ts';

export interface PageButton {
  readonly label: string;
  readonly href: string;
}

/** A button whose link leads nowhere yet (the grant is late) is left out. A path is one on the site's own host. */
export function fillButton(
  { label, link }: { readonly label: string; readonly link: string },
  names: Names,
  site: SiteTexts,
): PageButton | undefined {
  const filled = fillText(link, names).trim();
  const href = safeLink(/^\/(?!\/)/.test(filled) ? new URL(filled, site.baseUrl).href : filled.split('\n')[0]);
  return href === undefined ? undefined : { label: fillText(label, names), href };
}
