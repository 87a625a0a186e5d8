import type { SiteConfig } from '../config/types.ts';
import type { Logger } from '../contract/log.ts';
import type { OpenGateway } from '../flow.ts';
import type { OrderView } from '../presentation/order-view.ts';
import type { ProductTexts, SiteTexts } from '../presentation/config-shapes.ts';
import type { Pages } from '../responses/pages.ts';
import type { OrderRecord, Store } from '../storage/store.ts';

type Token =
  | { readonly kind: 'expired' | 'invalid' }
  | { readonly kind: 'page' | 'open'; readonly orderId: string; readonly grantId?: string; readonly holder?: string };

/** What the pages' routes need of the app. */
export interface PageHost {
  readonly store: Store;
  readonly now: () => Date;
  readonly log: Logger;
  ready(): Promise<void>;
  /** Calls back when the app closes. */
  onClose(listener: () => void): void;
  site(): SiteConfig;
  pages(): Pages;
  links(): { page(orderId: string): string; readPage(token: string): Token; readOpen(token: string): Token };
  gateway(name: string): OpenGateway | undefined;
  show(
    record: OrderRecord,
  ): Promise<{ readonly view: OrderView; readonly site: SiteTexts; product(sku: string): ProductTexts | undefined }>;
  /** A fresh sign-in address of a grant. Throws when the other side gives none. */
  openGrant(record: OrderRecord, grantId: string): Promise<string>;
}
