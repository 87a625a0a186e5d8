/** What can happen to a payment, as the configuration names it. */
export const outcomeNames = [
  'pending',
  'paid',
  'partly',
  'declined',
  'expired',
  'abandoned',
  'refunded',
  'partlyRefunded',
  'disputed',
  'disputeWon',
  'renewed',
  'renewalFailed',
  'ended',
  'held',
] as const;

export type OutcomeName = (typeof outcomeNames)[number];

/** The part of an outcome that people read. */
export interface OutcomeTexts {
  readonly page?: {
    readonly heading?: string;
    readonly text?: string;
    readonly button?: { readonly label: string; readonly link: string };
    readonly view?: string;
  };
  readonly mail?: { readonly subject?: string; readonly text?: string } | false;
}

export type OutcomesTexts = Readonly<Partial<Record<OutcomeName, OutcomeTexts>>>;

/** What pages and mails read of handover.json. */
export interface SiteTexts {
  readonly mode?: 'live' | 'test';
  /** Public address with the mount path. */
  readonly baseUrl: string;
  readonly site: {
    readonly name: string;
    readonly url?: string;
    readonly language?: string;
    readonly timeZone?: string;
    readonly support?: string;
  };
  readonly brand?: Brand;
  readonly messages?: 'condensed' | 'perItem';
  readonly outcomes?: OutcomesTexts;
  readonly links?: { readonly pageDays?: number };
}

export interface Brand {
  readonly logo?: string;
  readonly colors?: {
    readonly primary?: string;
    readonly background?: string;
    readonly surface?: string;
    readonly text?: string;
  };
  readonly fonts?: { readonly body?: string; readonly heading?: string };
  readonly layout?: 'card' | 'wide' | 'plain';
  readonly footer?: string;
}

/** What pages and mails read of a product file. */
export interface ProductTexts {
  readonly sku: string;
  readonly title: string;
  readonly description?: string;
  readonly messages?: 'condensed' | 'perItem';
  readonly grants?: Readonly<Record<string, { readonly action: string; readonly title?: string }>>;
  readonly outcomes?: OutcomesTexts;
}
