import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from '../contract/log.ts';
import type { SiteTexts } from '../presentation/config-shapes.ts';
import type { OrderView } from '../presentation/order-view.ts';
import { richText } from '../presentation/rich-text.ts';
import { createViews } from '../presentation/views.ts';
import type { PageKind } from './choose-page.ts';
import { downloadTexts, type DownloadPage } from './download-page.ts';
import { frame, orderPageData, type PageData, type PageParts } from './page-data.ts';
import { brandStyles } from './brand-styles.ts';
import type { PlainText } from './plain-text.ts';

/** A page to send; `pageHeaders` go with it. */
export interface ShownPage {
  readonly status: number;
  readonly html: string;
}

/** A file below `/assets`. Fit to be cached under its `etag`. */
export interface Asset {
  readonly type: string;
  readonly body: string;
  readonly etag: string;
}

export interface Pages {
  /** The page of an order as it stands now. */
  showOrder(view: OrderView, parts: PageParts): Promise<ShownPage>;
  /** The buyer is back from the gateway, which has not called yet: no order is known. Reloads itself. */
  showReturn(site: SiteTexts): Promise<ShownPage>;
  /** The return address is opened again long after the purchase: it shows nothing, the link in our mail does. */
  showLinkSent(site: SiteTexts, order: { readonly id: string }): Promise<ShownPage>;
  /** The link is misspelt, too old, or signed by somebody else: 404. Says nothing about which. */
  showUnknownLink(site: SiteTexts): Promise<ShownPage>;
  /** Something broke on our side: 500, or the status given. */
  showError(site: SiteTexts, about?: { readonly number?: string; readonly status?: number }): Promise<ShownPage>;
  /** A download link that gives no file, and what to do. */
  showDownload(
    site: SiteTexts,
    about: { readonly page: DownloadPage; readonly status: number; readonly number: string },
  ): Promise<ShownPage>;
  /** Any page that shows no order. */
  showText(site: SiteTexts, status: number, text: PlainText): Promise<ShownPage>;
  /** Any page from its data: the site's own view of that name, else ours. */
  render(kind: PageKind, data: PageData): Promise<string>;
  /** `handover.css` (with the site's colours), `waiting.js`, `copy.js`, `onward.js`; undefined for any other name. */
  asset(name: string, site: SiteTexts): Asset | undefined;
}

export interface PagesOptions {
  /** The package's `views` folder. */
  readonly viewsFolder: string;
  /** The shop's folder; own views are in `pages/` below it. */
  readonly shopFolder?: string;
  readonly log?: Pick<Logger, 'warn'>;
}

const assetTypes: Readonly<Record<string, string>> = {
  'handover.css': 'text/css; charset=utf-8',
  'waiting.js': 'text/javascript; charset=utf-8',
  'copy.js': 'text/javascript; charset=utf-8',
  'onward.js': 'text/javascript; charset=utf-8',
};

export function createPages({ viewsFolder, shopFolder, log }: PagesOptions): Pages {
  const views = createViews(
    { own: shopFolder && join(shopFolder, 'pages'), ours: join(viewsFolder, 'pages'), partials: join(viewsFolder, 'partials') },
    log,
  );

  async function render(kind: PageKind, data: PageData): Promise<string> {
    if (data.view !== undefined && data.view !== kind) {
      try {
        return views.render(data.view, data);
      } catch (error) {
        log?.warn({ view: data.view, error: String(error).slice(0, 400) }, 'This view failed, the standard one is shown instead');
      }
    }
    return views.render(kind, data);
  }

  async function plain(kind: PageKind, status: number, site: SiteTexts, text: PlainText): Promise<ShownPage> {
    const { heading, tone, text: words, next, refreshSeconds, number, form } = text;
    const data: PageData = {
      ...frame(site, heading, number),
      kind,
      tone,
      heading,
      paragraphs: richText(words),
      next,
      ...(refreshSeconds !== undefined && { refreshSeconds }),
      ...(form && { form }),
    };
    return { status, html: await render(kind, data) };
  }

  return {
    render,
    async showOrder(view, parts) {
      const data = orderPageData(view, parts);
      return { status: 200, html: await render(data.kind, data) };
    },
    showReturn: (site) => plain('waiting', 200, site, backFromGateway),
    showLinkSent: (site, { id }) => plain('unknown', 200, site, { ...linkSent, number: id }),
    showUnknownLink: (site) => plain('unknown', 404, site, unknownLink),
    showError: (site, { number, status = 500 } = {}) =>
      plain('error', status, site, { ...error, ...(number !== undefined && { number }) }),
    showDownload: (site, { page, status, number }) => plain('unknown', status, site, { ...downloadTexts[page], number }),
    showText: (site, status, text) => plain('unknown', status, site, text),
    asset(name, site) {
      const type = Object.hasOwn(assetTypes, name) ? assetTypes[name] : undefined;
      if (type === undefined) return undefined;
      const file = readFileSync(join(viewsFolder, 'assets', name), 'utf8');
      const body = name === 'handover.css' ? `${brandStyles(site.brand)}\n${file}` : file;
      return { type, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
    },
  };
}

const backFromGateway: PlainText = {
  heading: 'We are waiting for your bank',
  tone: 'waiting',
  text: 'Thank you. As soon as your bank has confirmed the payment, your order appears here. Usually this takes a few seconds.',
  next: ['Please do not pay a second time.', 'This page shows the result by itself.', 'You may close it: we also write to you.'],
  refreshSeconds: 4,
};

const linkSent: PlainText = {
  heading: 'Your order has its own link',
  tone: 'neutral',
  text: 'This address only works right after the purchase. For your safety, your order opens by the link in our mail to you.',
  next: [
    'Look for our mail in your mailbox, and in the folder for unwanted mail.',
    'If you cannot find it, write to us, and we send you a new link.',
  ],
};

const unknownLink: PlainText = {
  heading: 'This link does not work any more',
  tone: 'neutral',
  text: 'The link to an order works for a limited time, and only if its address is complete.',
  next: [
    'If you copied the address from a mail, check that nothing is missing at its end.',
    'Our newest mail about your order has the newest link.',
    'Nothing you bought is lost: write to us, and we send you a new link.',
  ],
};

const error: PlainText = {
  heading: 'Something went wrong on our side',
  tone: 'bad',
  text: 'This page cannot be shown just now. Your order and your payment are safe.',
  next: ['Please try again in a minute.', 'There is no need to pay again.'],
};
