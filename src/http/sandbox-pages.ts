import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Request, RequestHandler, Response } from 'express';
import { HandoverError } from '../contract/errors.ts';
import type { EventLine, Person } from '../contract/event.ts';
import { formatMoney, parseMoney, type Money } from '../contract/money.ts';
import type { SiteTexts } from '../presentation/config-shapes.ts';
import { createViews } from '../presentation/views.ts';
import { frame } from '../responses/page-data.ts';
import { pageHeaders } from '../responses/page-headers.ts';
import { BodyError, readRawBody } from './raw-body.ts';
import { readCart } from './sandbox-cart.ts';

/** One purchase in the sandbox. Nobody keeps it: it travels sealed in forms and addresses. */
export interface SandboxPageSale {
  readonly payment: string;
  readonly lines: readonly EventLine[];
  readonly total: Money;
  readonly buyer?: Person;
  readonly language?: string;
  /** Where the shop wants a buyer who gives up. */
  readonly cancelUrl?: string;
}

/** What the pages need of the sandbox; `createSandbox` makes one. */
export interface SandboxShop {
  readonly laterSeconds: number;
  products(): ReadonlyMap<string, { readonly title: string; readonly price: Money }>;
  open(order: { readonly items: readonly { sku: string; quantity: number }[]; readonly language?: string }): SandboxPageSale;
  act(sale: SandboxPageSale, act: string, details?: { amount?: number; reference?: string; callbackUrl?: string }): Promise<void>;
  seal(sale: SandboxPageSale): string;
  unseal(sealed: string): SandboxPageSale | undefined;
}

export interface SandboxPagesParts {
  readonly sandbox: SandboxShop;
  site(): SiteTexts;
  /** The gateway's name in the configuration. @default 'sandbox' */
  readonly gateway?: string;
  /** The package's `views` folder. */
  readonly viewsFolder: string;
}

export interface SandboxPages {
  /** Answers `pay` and `payment` below the address it is mounted at, and passes everything else on. */
  readonly handler: RequestHandler;
  /** Where a paid order can be refunded, disputed and so on. */
  addressOf(sale: SandboxPageSale): string;
}

/** The buttons of both pages. What is not here cannot be asked for. */
const acts = new Set(
  'approve decline wait approveLater expire underpay refund refundPart failRefund dispute winDispute loseDispute renew failRenewal end'.split(
    ' ',
  ),
);

/**
 * The sandbox's payment page, for test mode only: a cart, a few fields, and a button for each thing that can happen. Works
 * without script. What a form must remember is sealed in it, so another site cannot send one of its own making.
 */
export function createSandboxPages(parts: SandboxPagesParts): SandboxPages {
  const { sandbox, gateway = 'sandbox', viewsFolder } = parts;
  const views = createViews({ ours: join(viewsFolder, 'sandbox'), partials: join(viewsFolder, 'partials') });
  const style = readFileSync(join(viewsFolder, 'sandbox', 'style.css'), 'utf8');
  const base = (): string => parts.site().baseUrl.replace(/\/+$/, '');

  function page(view: string, heading: string, status: number, data: object): Page {
    const folder = `${new URL(base()).pathname.replace(/\/+$/, '')}/sandbox`;
    const html = views.render(view, { ...frame(parts.site(), heading), heading, style, folder, formatMoney, ...data });
    return { status, html };
  }

  function showPay(query: URLSearchParams): Page {
    const begun = query.get('sale');
    if (begun !== null) return payPage(unsealed(begun), {});
    const items = readCart(query);
    if (items.length === 0) return page('choose', 'What would you like to try?', 200, { products: [...sandbox.products()] });
    const language = query.get('language');
    const sale = sandbox.open({ items, ...(language ? { language } : {}) });
    return payPage(sale, { email: query.get('email') ?? '', name: query.get('name') ?? '' });
  }

  function payPage(sale: SandboxPageSale, buyer: Person): Page {
    const { laterSeconds } = sandbox;
    return page('pay', 'Pay in the sandbox', 200, {
      sale,
      sealed: sandbox.seal(sale),
      buyer: { ...sale.buyer, ...buyer },
      laterSeconds,
      after: addressOf(sale),
    });
  }

  function showPayment(query: URLSearchParams): Page {
    const sale = unsealed(query.get('sale'));
    const again = randomBytes(6).toString('hex');
    return page('payment', 'What happens to this payment?', 200, { sale, sealed: sandbox.seal(sale), again });
  }

  /** Makes it happen by a real callback, then sends the browser on to where a gateway would. */
  async function act(form: URLSearchParams, callback: { readonly callbackUrl?: string }): Promise<Page> {
    const sale = withBuyer(unsealed(form.get('sale')), form);
    const name = form.get('act') ?? '';
    if (!acts.has(name)) throw wrong('The form does not say what is to happen.', 'Use one of its buttons.');
    if (name === 'refundPart') await sandbox.act(sale, 'refund', { ...partOf(sale, form), ...callback });
    else await sandbox.act(sale, name, callback);
    return { location: `${base()}/return/${gateway}?payment=${encodeURIComponent(sale.payment)}` };
  }

  function unsealed(sealed: string | null): SandboxPageSale {
    const sale = sandbox.unseal(sealed ?? '');
    if (sale) return sale;
    throw wrong('This form was not made by this sandbox, or its secret has changed since.', 'Begin again with a new payment.');
  }

  function addressOf(sale: SandboxPageSale): string {
    return `${base()}/sandbox/payment?sale=${sandbox.seal(sale)}`;
  }

  async function answer(req: Request): Promise<Page | undefined> {
    const [path = '', query = ''] = req.url.split('?');
    const isPost = req.method === 'POST';
    if (!isPost && req.method !== 'GET' && req.method !== 'HEAD') return undefined;
    if (path === '/pay' && isPost)
      return act(new URLSearchParams((await readRawBody(req)).toString('utf8')), callbackOf(req, gateway));
    if (path === '/pay' || path === '/') return showPay(new URLSearchParams(query));
    return path === '/payment' ? showPayment(new URLSearchParams(query)) : undefined;
  }

  function showProblem(error: unknown): Page {
    if (!(error instanceof HandoverError)) throw error;
    const { code, message, hint } = error;
    const isAsked = code.startsWith('SANDBOX_') && code !== 'SANDBOX_NOT_DELIVERED';
    const status = error instanceof BodyError ? error.status : isAsked ? 422 : 502;
    return page('problem', 'That did not work', status, { code, message, hint });
  }

  const handler: RequestHandler = async (req, res, next) => {
    const shown = await answer(req).catch(showProblem);
    if (shown) send(req, res, shown, headersFor(style, new URL(base()).origin));
    else next();
  };
  return { handler, addressOf };
}

/** This very server, as the request reached it: a site on its developer's machine need not know its own address. */
function callbackOf({ socket, baseUrl }: Request, gateway: string): { readonly callbackUrl?: string } {
  const { localAddress = '', localPort } = socket;
  if (localPort === undefined || 'encrypted' in socket) return {};
  const plain = localAddress.replace(/^::ffff:/, '');
  const host = plain.includes(':') ? `[${plain}]` : plain;
  return { callbackUrl: `http://${host}:${localPort}${baseUrl.replace(/\/sandbox$/, '')}/callbacks/${gateway}` };
}

type Page = { readonly status: number; readonly html: string } | { readonly location: string };

function send(req: Request, res: Response, page: Page, headers: Readonly<Record<string, string>>): void {
  if ('location' in page) {
    res.writeHead(303, { ...headers, Location: page.location, 'Content-Length': 0 });
    res.end();
    return;
  }
  const { status, html } = page;
  res.writeHead(status, { ...headers, 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': Buffer.byteLength(html) });
  res.end(req.method === 'HEAD' ? undefined : html);
}

/** As strict as on the other pages, but for its own few styles, named by their digest, and the way on to the public address. */
function headersFor(style: string, origin: string): Record<string, string> {
  const digest = createHash('sha256').update(style).digest('base64');
  const policy = (pageHeaders['content-security-policy'] ?? '')
    .replace("style-src 'self'", `style-src 'self' 'sha256-${digest}'`)
    .replace("form-action 'self'", `form-action 'self' ${origin}`);
  return { ...pageHeaders, 'content-security-policy': policy };
}

function withBuyer(sale: SandboxPageSale, form: URLSearchParams): SandboxPageSale {
  if (!form.has('email')) return sale;
  const email = (form.get('email') ?? '').trim();
  const name = (form.get('name') ?? '').trim();
  if (!/^[^\s@]{1,64}@[^\s@]{1,190}$/.test(email))
    throw wrong('This is not an e-mail address.', 'Go back and give one; example.org is a good place.');
  return { ...sale, buyer: { ...sale.buyer, email, ...(name !== '' && { name: name.slice(0, 200) }) } };
}

/** A part of the sum, as a person writes it. Sent twice from one page, it is the same refund. */
function partOf(sale: SandboxPageSale, form: URLSearchParams): { amount: number; reference: string } {
  const part = parseMoney(`${(form.get('amount') ?? '').trim().replace(',', '.')} ${sale.total.currency}`);
  if (!part || part.amount < 1 || part.amount > sale.total.amount) {
    throw wrong('This is not an amount that can be refunded.', `Go back and give one up to ${formatMoney(sale.total)}.`);
  }
  return { amount: part.amount, reference: `refund_${(form.get('again') ?? '').replace(/\W/g, '').slice(0, 20)}` };
}

function wrong(message: string, hint: string): HandoverError {
  return new HandoverError('SANDBOX_FORM_WRONG', message, { hint });
}
