import { namesIn } from './fill-text.ts';
import type { GrantView, OutputView } from './grant-view.ts';
import { holderLines } from './holder-lines.ts';
import type { ItemState, GrantStanding } from './item-state.ts';
import type { ItemView } from './order-view.ts';
import { labelFor } from './output-labels.ts';
import { showDate, type Locale } from './show-values.ts';

/** What a page or mail lists of one item, beside the owner's text. */
export interface ItemDetails {
  readonly line: number;
  readonly title: string;
  readonly quantity: number;
  readonly state: ItemState;
  readonly stateText: string;
  /** A sentence for what is not simply ready; empty otherwise. */
  readonly note: string;
  readonly grants: readonly GrantDetails[];
  /** Who has what of it, in words; empty where all is the buyer's. */
  readonly holders: readonly string[];
}

export interface GrantDetails {
  /** Empty where the item's own title says enough. */
  readonly title: string;
  readonly state: GrantStanding;
  readonly note: string;
  readonly links: readonly { readonly label: string; readonly href: string }[];
  readonly values: readonly {
    readonly label: string;
    readonly values: readonly string[];
    readonly secret: boolean;
    readonly copied: boolean;
  }[];
}

const stateTexts: Readonly<Record<ItemState, string>> = {
  ready: 'Ready',
  late: 'Being prepared',
  parked: 'Being prepared',
  suspended: 'Paused',
  takenBack: 'Ended',
  elsewhere: 'Delivered separately',
  none: '',
};

const notes: Readonly<Record<ItemState, string>> = {
  ready: '',
  late: 'This takes a little longer than usual. It follows by itself.',
  parked: 'This needs a hand from us. Our team has been told and is looking after it.',
  suspended: '',
  takenBack: '',
  elsewhere: 'This item reaches you in its own way, apart from this page.',
  none: '',
};

/** Lists links, keys and other values that `texts`, the templates shown beside them, do not name themselves. */
export function detailItem(item: ItemView, texts: readonly string[], locale: Locale): ItemDetails {
  const told = new Set(texts.flatMap(namesIn));
  const several = item.grants.length > 1;
  const grants = item.grants.map((grant) => detailGrant(grant, told, several, locale));
  return {
    line: item.line,
    title: item.title,
    quantity: item.quantity,
    state: item.state,
    stateText: stateTexts[item.state],
    note: several && item.state !== 'elsewhere' ? '' : (item.grants[0]?.waiting ?? notes[item.state]),
    holders: holderLines(item),
    grants: grants.filter(({ links, values, note }) => links.length + values.length > 0 || note !== ''),
  };
}

function detailGrant(grant: GrantView, told: ReadonlySet<string>, several: boolean, locale: Locale): GrantDetails {
  const outputs = grant.outputs.filter(
    ({ name, listed, values }) => listed && values.length > 0 && !told.has(`${grant.name}.${name}`),
  );
  const { all, ready } = grant.units;
  const count = ready > 0 && ready < all ? `${ready} of ${all} are ready.` : '';
  return {
    title: grant.title ?? (several ? labelFor(grant.name) : ''),
    state: grant.state,
    note: [count, several ? (grant.waiting ?? notes[grant.state]) : ''].filter(Boolean).join(' '),
    links: outputs.filter(({ kind }) => kind === 'link').flatMap(linksOf),
    values: outputs
      .filter(({ kind }) => kind !== 'link')
      .map(({ label, values, kind, copied }) => ({
        label,
        values: showValues(values, kind, locale),
        secret: kind === 'secret',
        copied,
      })),
  };
}

/** Each secret counts; of what is the same for all units one is enough. `2027-03-01` is written as the site writes days. */
function showValues(values: readonly string[], kind: OutputView['kind'], locale: Locale): readonly string[] {
  if (kind === 'secret') return values;
  const shown = values.map((value) =>
    /^\d{4}-\d{2}-\d{2}$/.test(value) ? showDate(`${value}T00:00:00Z`, { ...locale, timeZone: 'UTC' }) || value : value,
  );
  return [...new Set(shown)];
}

function linksOf({ label, values }: OutputView): { label: string; href: string }[] {
  return values.map((href, index) => ({ label: values.length > 1 ? `${label} (${index + 1})` : label, href }));
}
