import { expect } from 'chai';
import { createMailRenderer, type MailParts, type RenderedMail } from '../../src/notifications/render-mail.ts';
import type { MailInput } from '../../src/notifications/mail-input.ts';
import type { SiteTexts } from '../../src/presentation/config-shapes.ts';
import { sampleParts, sampleRecord, sampleSite, type Sample } from '../responses/sample-order.ts';

export const viewsFolder = new URL('../../views', import.meta.url).pathname;

const renderer = createMailRenderer({ viewsFolder });

export interface Asked {
  readonly input?: Partial<MailInput>;
  readonly sample?: Partial<Sample>;
  readonly site?: SiteTexts;
  readonly parts?: Partial<MailParts>;
}

/** Renders a mail to the buyer, or says why there is none. */
export function renderBuyerMail({ input, sample, site = sampleSite(), parts }: Asked = {}): ReturnType<typeof renderer.render> {
  const step = { verb: 'mail' as const, input: { kind: 'buyer', outcome: 'paid', lines: [], ...input } };
  return renderer.render(step, sampleRecord(sample), { ...sampleParts(site, sample?.products), ...parts });
}

export function buyerMail(asked: Asked = {}): RenderedMail {
  return mailOf(renderBuyerMail(asked));
}

/** Renders a notice to the owner; without `sample`, one that is about no order. */
export function notice({ input, sample, site = sampleSite(), parts }: Asked): RenderedMail {
  const step = { verb: 'notice' as const, input: { outcome: 'paid', lines: [], to: ['owner@example.com'], ...input } };
  return mailOf(renderer.render(step, sample && sampleRecord(sample), { ...sampleParts(site, sample?.products), ...parts }));
}

function mailOf(rendered: ReturnType<typeof renderer.render>): RenderedMail {
  if ('skipped' in rendered) expect.fail(rendered.skipped);
  return rendered;
}

/** The words of the HTML part. */
export function wordsOf({ html }: RenderedMail): string {
  return html
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}
