import type { OutcomeName, ProductConfig, SiteConfig } from '../config/types.ts';

export type { BrandConfig, OutcomeName } from '../config/types.ts';

/** What pages and mails read of handover.json. */
export type SiteTexts = Pick<SiteConfig, 'mode' | 'baseUrl' | 'site' | 'brand' | 'messages' | 'outcomes' | 'links'>;

/** What pages and mails read of a product file. */
export type ProductTexts = Pick<
  ProductConfig,
  'sku' | 'title' | 'description' | 'messages' | 'metadata' | 'grants' | 'outcomes' | 'followUps'
> &
  Partial<Pick<ProductConfig, 'seats' | 'seatChanges' | 'buyerSees'>>;

/** All of them, in the order of the configuration's schema. */
export const outcomeNames: readonly OutcomeName[] = [
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
];
