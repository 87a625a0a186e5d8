/** One transaction, as the account keeps it. Amounts are decimals, as everywhere in this API. */
export interface BookedTransaction {
  readonly id: string;
  readonly type: 'authCaptureTransaction' | 'authOnlyTransaction' | 'captureOnlyTransaction' | 'refundTransaction';
  status: string;
  readonly at: Date;
  readonly original: string | undefined;
  readonly amount: string;
  readonly terms: SaleTerms;
  /** Of the batch it was settled in. */
  batch: string | undefined;
  readonly subscription: { readonly id: string; readonly payNum: number } | undefined;
  reason: string;
}

export interface SaleItem {
  readonly itemId: string;
  readonly name?: string;
  readonly quantity?: string;
  readonly unitPrice: string;
}

/** What is sold, to whom. */
export interface SaleTerms {
  readonly amount: string;
  readonly items?: readonly SaleItem[];
  readonly invoice?: string;
  readonly description?: string;
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly tax?: string;
  readonly shipping?: string;
}

export interface BookedSubscription {
  readonly id: string;
  readonly name: string;
  readonly amount: string;
  readonly length: number;
  readonly unit: 'days' | 'months';
  status: 'active' | 'suspended' | 'terminated' | 'canceled' | 'expired';
  payments: number;
}

export interface Batch {
  readonly id: string;
  readonly settledAt: Date;
}

/** Everything the account knows. */
export class Books {
  readonly transactions: Map<string, BookedTransaction> = new Map();
  readonly subscriptions: Map<string, BookedSubscription> = new Map();
  readonly batches: Batch[] = [];
  /** What a token of the payment page stands for. */
  readonly tokens: Map<string, { readonly request: HostedRequest; readonly madeAt: Date }> = new Map();
  readonly now: () => Date;
  #count = 0;

  constructor(now: () => Date) {
    this.now = now;
  }

  nextId(): string {
    this.#count += 1;
    return String(60_000_000_000 + this.#count);
  }

  nextBatch(): string {
    this.#count += 1;
    return String(9_000_000 + this.#count);
  }
}

/** What a checkout asked the payment page for. */
export interface HostedRequest {
  readonly terms: SaleTerms;
  readonly returnUrl: string;
  readonly cancelUrl: string;
}
