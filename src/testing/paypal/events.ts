import { copyOf, type Books, type Json } from './books.ts';
import { signedHeaders, type PaypalSignOptions } from './sign.ts';

/** A webhook event as it is posted. */
export interface PaypalCallback {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** What the makers of events share. */
export interface Teller {
  readonly books: Books;
  /** Puts an event in the books and gives it as it is posted. The object is told as it is now. */
  tell(type: string, resource: Json, about?: { at?: Date | undefined; resourceType?: string; version?: string }): PaypalCallback;
  sign(body: string | Uint8Array, options?: PaypalSignOptions): Record<string, string>;
}

export function createTeller(
  books: Books,
  defaults: { webhookId: string; certUrl: (name: string) => string },
  onTold: (callback: PaypalCallback) => void,
): Teller {
  function sign(body: string | Uint8Array, options: PaypalSignOptions = {}): Record<string, string> {
    const { certificate = 'CERT-D0UB1E-5161', ...rest } = options;
    return signedHeaders(body, {
      ...rest,
      at: options.at ?? books.now(),
      webhookId: options.webhookId ?? defaults.webhookId,
      certUrl: defaults.certUrl(certificate),
    });
  }
  return {
    books,
    sign,
    tell(type, resource, { at, resourceType = kindOf(type), version = '2.0' } = {}) {
      const id = `WH-${books.newId()}`;
      const href = `${books.url}/v1/notifications/webhooks-events/${id}`;
      const event = {
        id,
        event_version: '1.0',
        create_time: (at ?? books.now()).toISOString(),
        resource_type: resourceType,
        resource_version: version,
        event_type: type,
        summary: `${type} happened`,
        resource: copyOf(resource),
        links: [
          { href, rel: 'self', method: 'GET' },
          { href: `${href}/resend`, rel: 'resend', method: 'POST' },
        ],
      };
      books.put('events', event);
      const body = JSON.stringify(event);
      const callback = { id, type, body, headers: sign(body) };
      onTold(callback);
      return callback;
    },
  };
}

/** `PAYMENT.CAPTURE.COMPLETED` is about a capture, except that a refund tells of itself. */
function kindOf(type: string): string {
  if (type.endsWith('.REFUNDED')) return 'refund';
  const [area = '', kind = ''] = type.split('.');
  if (area === 'CHECKOUT') return 'checkout-order';
  return (area === 'PAYMENT' ? kind : area === 'BILLING' ? kind : 'dispute').toLowerCase();
}
