import { textReply, type DoubleReply, type DoubleRequest } from '../double-server.ts';

/** A message as it is posted, or sent back. */
export interface IpnMessage {
  readonly body: string;
  readonly headers: Record<string, string>;
}

export interface Ipn {
  /** Makes a message. Values are encoded as `charset` says. @default windows-1252 */
  message(fields: Readonly<Record<string, string>>): IpnMessage;
  /** VERIFIED for exactly the bytes of a message that was made here. */
  validate(request: DoubleRequest): DoubleReply;
}

const defaults = {
  charset: 'windows-1252',
  notify_version: '3.9',
  payment_type: 'instant',
  receiver_email: 'merchant@example.org',
  payer_email: 'ada@example.org',
  payer_id: 'PAYER1DOUBLE',
  first_name: 'Ada',
  last_name: 'Example',
  residence_country: 'AT',
};

/** Messages of the older notifications (https://developer.paypal.com/api/nvp-soap/ipn/IPNImplementation/). */
export function createIpn(about: { merchantId: string; isTest: boolean; newId: () => string }): Ipn {
  const sent = new Set<string>();
  return {
    message(fields) {
      const all: Record<string, string> = {
        ...defaults,
        receiver_id: about.merchantId,
        business: 'merchant@example.org',
        ...(about.isTest && { test_ipn: '1' }),
        ipn_track_id: about.newId().toLowerCase(),
        verify_sign: `A${about.newId()}${about.newId()}`,
        ...fields,
      };
      const charset = all['charset'] ?? 'windows-1252';
      const body = Object.entries(all)
        .filter(([, value]) => value !== '')
        .map(([name, value]) => `${encodeURIComponent(name)}=${encode(value, charset)}`)
        .join('&');
      sent.add(body);
      return {
        body,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'user-agent': 'PayPal IPN ( https://www.paypal.com/ipn )',
        },
      };
    },
    validate(request) {
      const command = 'cmd=_notify-validate&';
      const hasAgent = (request.headers['user-agent'] ?? '') !== '';
      const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
      if (!hasAgent || !isForm) return textReply('Access Denied', 403);
      const isKnown = request.text.startsWith(command) && sent.has(request.text.slice(command.length));
      return textReply(isKnown ? 'VERIFIED' : 'INVALID');
    },
  };
}

/** Node decodes all charsets and encodes only UTF-8; of the others the double knows those of one byte. */
function encode(text: string, charset: string): string {
  if (/^utf-?8$/i.test(charset)) return new URLSearchParams({ v: text }).toString().slice(2);
  const decoder = new TextDecoder(charset);
  const table = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte] as const));
  return Array.from(text)
    .map((letter) => {
      if (/[A-Za-z0-9*\-._]/.test(letter)) return letter;
      if (letter === ' ') return '+';
      const byte = table.get(letter);
      if (byte === undefined) throw new Error(`"${letter}" cannot be written in ${charset}.`);
      return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
