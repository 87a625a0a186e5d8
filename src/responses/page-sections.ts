import type { ProductTexts, SiteTexts } from '../presentation/config-shapes.ts';
import { fillText } from '../presentation/fill-text.ts';
import { hasGaps } from '../presentation/holder-lines.ts';
import { detailItem, type ItemDetails } from '../presentation/item-details.ts';
import { namesFor } from '../presentation/names-for.ts';
import type { ItemView, OrderView } from '../presentation/order-view.ts';
import { richText, type Paragraph } from '../presentation/rich-text.ts';
import { fillButton, type PageButton } from './page-button.ts';
import { seatForms, type SeatForms } from './seat-forms.ts';

/** One block of the page: an item that wants its own, or all the others together. */
export interface Section {
  readonly perItem: boolean;
  readonly items: readonly SectionItem[];
}

export interface SectionItem extends ItemDetails {
  /** What the product's file says for the outcome this item goes by. */
  readonly heading: string;
  readonly paragraphs: readonly Paragraph[];
  readonly button?: PageButton;
  /** The buyer hands them out here. */
  readonly seats?: SeatForms;
}

interface SectionParts {
  readonly site: SiteTexts;
  product(sku: string): ProductTexts | undefined;
}

/** `single`: the item whose words the page as a whole already speaks; `told`: those words. */
export function makeSections(
  view: OrderView,
  single: ItemView | undefined,
  told: readonly string[],
  parts: SectionParts,
): Section[] {
  if (view.items.every(({ state }) => state === 'none')) return [];
  const show = (item: ItemView): SectionItem =>
    withSeats(
      view,
      item,
      item === single
        ? { ...detailItem(item, told, parts.site.site), heading: '', paragraphs: [] }
        : inOwnWords(view, item, parts),
    );
  const shared = view.items.filter((item) => !item.perItem || item === single);
  const alone = view.items.filter((item) => item.perItem && item !== single);
  return [
    { perItem: false, items: shared.map(show).filter((item) => !(item.line === single?.line && isTold(item))) },
    ...alone.map((item) => ({ perItem: true, items: [show(item)] })),
  ].filter(({ items }) => items.length > 0);
}

function withSeats(view: OrderView, item: ItemView, section: SectionItem): SectionItem {
  const seats = seatForms(view, item);
  return seats ? { ...section, holders: [], seats } : section;
}

/** The page's own text says it all. */
function isTold({ state, grants, holders, seats }: SectionItem): boolean {
  return state === 'ready' && grants.length + holders.length === 0 && !seats;
}

function inOwnWords(view: OrderView, item: ItemView, parts: SectionParts): SectionItem {
  const page = parts.product(item.sku)?.outcomes[item.outcome]?.page;
  const own = hasGaps(page?.text ?? '', [item]) ? { ...page, text: '' } : page;
  const names = namesFor(view, [item], parts.site);
  const button = own?.button && fillButton(own.button, names, parts.site);
  return {
    ...detailItem(item, [own?.text ?? '', own?.button?.link ?? ''], parts.site.site),
    heading: fillText(own?.heading ?? '', names),
    paragraphs: richText(fillText(own?.text ?? '', names)),
    ...(button && { button }),
  };
}
