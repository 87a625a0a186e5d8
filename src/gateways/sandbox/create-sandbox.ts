import { randomBytes } from 'node:crypto';
import { HandoverError } from '../../contract/errors.ts';
import type { Person } from '../../contract/event.ts';
import type { HttpClient } from '../../contract/http.ts';
import type { Logger } from '../../contract/log.ts';
import { factOf, type ActDetails, type SandboxAct } from './acts.ts';
import { linesFor, openSale, sealSale, type SandboxItem, type SandboxProduct, type SandboxSale } from './sale.ts';
import { signHeaders } from './sign.ts';

export interface SandboxParts {
  /** What can be bought, by SKU. Asked at each purchase, so changed files count at once. */
  products(): ReadonlyMap<string, SandboxProduct>;
  /** The secret the sandbox gateway verifies with. */
  readonly secret: string;
  /** Where callbacks go: the mount's address on this machine, with `/callbacks/sandbox`. */
  callbackUrl(): string;
  readonly http: HttpClient;
  readonly now?: () => Date;
  readonly log?: Pick<Logger, 'warn'>;
  /** How long "approve later" waits. @default 20 */
  readonly laterSeconds?: number;
}

export interface SandboxOrder {
  readonly items: readonly SandboxItem[];
  readonly buyer?: Person;
  /** BCP 47. */
  readonly language?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Sells without money. Every act is a real callback over HTTP to our own address. */
export interface Sandbox {
  readonly laterSeconds: number;
  products(): ReadonlyMap<string, SandboxProduct>;
  /** A sale nobody has heard of yet. Throws `SANDBOX_…` for a cart that cannot be bought. */
  open(order: SandboxOrder): SandboxSale;
  /** Makes something happen; resolves when the callback was taken. Throws `SANDBOX_NOT_DELIVERED`. The same act twice is the same fact. */
  act(sale: SandboxSale, act: SandboxAct, details?: ActDetails): Promise<void>;
  /** Opens a sale and makes one thing happen to it. @default outcome 'approve' */
  buy(order: SandboxOrder & { readonly outcome?: SandboxAct }): Promise<SandboxSale>;
  seal(sale: SandboxSale): string;
  unseal(sealed: string): SandboxSale | undefined;
  /** Forgets what was to be approved later. */
  close(): void;
}

export function createSandbox(parts: SandboxParts): Sandbox {
  const { secret, http, now = () => new Date(), log, laterSeconds = 20 } = parts;
  const timers = new Set<NodeJS.Timeout>();

  function open({ items, buyer, language, metadata }: SandboxOrder): SandboxSale {
    const { lines, total } = linesFor(items, parts.products());
    return {
      payment: `sbx_${randomBytes(9).toString('hex')}`,
      lines,
      total,
      ...(buyer && { buyer }),
      ...(language !== undefined && { language }),
      ...(metadata && { metadata }),
    };
  }

  async function act(sale: SandboxSale, what: SandboxAct, details: ActDetails = {}): Promise<void> {
    const { type, data } = factOf(what, sale, details, now());
    await deliver(JSON.stringify({ type, timestamp: now().toISOString(), data }), details.callbackUrl ?? parts.callbackUrl());
    if (what === 'approveLater') approveLater(sale, details);
  }

  async function deliver(body: string, url: string): Promise<void> {
    const id = `msg_${randomBytes(12).toString('hex')}`;
    const { status, text } = await http.send({ method: 'POST', url, text: body, headers: signHeaders(secret, id, now(), body) });
    if (status >= 200 && status < 300) return;
    throw new HandoverError(
      'SANDBOX_NOT_DELIVERED',
      `The sandbox's callback to ${url} was answered with ${status}: ${text.slice(0, 200)}`,
      {
        hint: 'Look for the code in that answer in docs/errors.md.',
      },
    );
  }

  function approveLater(sale: SandboxSale, details: ActDetails): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act(sale, 'approve', details).catch((error: unknown) => {
        log?.warn(
          { payment: sale.payment, error: error instanceof Error ? error.message : 'unknown' },
          'The sandbox could not approve a payment later.',
        );
      });
    }, laterSeconds * 1000);
    timers.add(timer.unref());
  }

  return {
    laterSeconds,
    products: () => parts.products(),
    open,
    act,
    async buy({ outcome = 'approve', ...order }) {
      const sale = open(order);
      await act(sale, outcome);
      return sale;
    },
    seal: (sale) => sealSale(secret, sale),
    unseal: (sealed) => openSale(secret, sealed),
    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
