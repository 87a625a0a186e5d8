import { createHash } from 'node:crypto';
import { isEqual, trimSecrets } from '../signature.ts';
import type { Form } from './form.ts';
import type { WebmoneyNotice } from './notice.ts';
import type { Proof } from './options.ts';

/** The values in the order they are hashed, the secret among them (https://wiki.wmtransfer.com/projects/webmoney/wiki/Web_Merchant_Interface). */
function valuesOf(notice: WebmoneyNotice, secret: string): string[] {
  const { payeePurse, amount, hold, number, mode, invoice, transaction, date, payerPurse, payerId } = notice;
  return [
    payeePurse,
    amount,
    ...(hold === undefined ? [] : [hold]),
    number,
    mode,
    invoice,
    transaction,
    date,
    secret,
    payerPurse,
    payerId,
  ];
}

/** The digest that WebMoney makes of a notice: joined with ";" for LMI_HASH2, else without anything between the values. */
export function digestOf(notice: WebmoneyNotice, secret: string, proof: Proof): Buffer {
  const text = valuesOf(notice, secret).join(proof === 'hash2' ? ';' : '');
  return createHash(proof === 'md5' ? 'md5' : 'sha256')
    .update(text, 'utf8')
    .digest();
}

export type Judgement = 'genuine' | 'missing' | 'malformed' | 'mismatch';

/** LMI_HASH2 decides alone where it was sent and counts: a wrong one is not mended by a right LMI_HASH. */
export function judge(form: Form, notice: WebmoneyNotice, secrets: readonly string[], proofs: readonly Proof[]): Judgement {
  const hash2 = proofs.includes('hash2') ? (form.get('LMI_HASH2') ?? '') : '';
  const hash = proofs.some((proof) => proof !== 'hash2') ? (form.get('LMI_HASH') ?? '') : '';
  const given = hash2 === '' ? hash : hash2;
  if (given === '') return 'missing';
  const fitting = proofs.filter(
    (proof) => (proof === 'hash2') === (hash2 !== '') && given.length === (proof === 'md5' ? 32 : 64),
  );
  if (fitting.length === 0 || !/^[0-9A-Fa-f]+$/.test(given)) return 'malformed';
  const digest = Buffer.from(given, 'hex');
  const isGenuine = trimSecrets(secrets).some((secret) =>
    fitting.some((proof) => isEqual(digest, digestOf(notice, secret, proof))),
  );
  return isGenuine ? 'genuine' : 'mismatch';
}
