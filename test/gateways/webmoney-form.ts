import { createHash } from 'node:crypto';
import { signCart, type WebmoneyCart } from '../../src/gateways/index.ts';
import type { WebmoneyOptions } from '../../src/gateways/webmoney/options.ts';

export const cartSecret = 'the cart secret of the shop';
export const secret = 'wm-secret';
export const options: WebmoneyOptions = {
  purses: ['Z123456789012', 'E123456789012'],
  secrets: [secret],
  cartSecrets: [cartSecret],
};

export const cart: WebmoneyCart = {
  number: '1007',
  items: [{ sku: 'TS-101', price: '19.99 USD', title: 'TypeScript in a week' }],
  buyer: { email: 'ada@example.org', name: 'Ада Example' },
  language: 'ru',
};

export type FormFields = Record<string, string>;

/** A result notice with the values of the published test vectors. */
export const notice: FormFields = {
  LMI_PAYEE_PURSE: 'Z123456789012',
  LMI_PAYMENT_AMOUNT: '19.99',
  LMI_PAYMENT_NO: '1007',
  LMI_MODE: '0',
  LMI_SYS_INVS_NO: '711',
  LMI_SYS_TRANS_NO: '913',
  LMI_SYS_TRANS_DATE: '20260102 03:04:05',
  LMI_PAYER_PURSE: 'Z210987654321',
  LMI_PAYER_WM: '123456789012',
};

/** As WebMoney hashes a notice, written down once more: the gateway's own code takes no part. */
export function hashed(fields: FormFields, { key = secret, algorithm = 'sha256', plain = true, second = true } = {}): FormFields {
  const names =
    'LMI_PAYEE_PURSE LMI_PAYMENT_AMOUNT LMI_HOLD LMI_PAYMENT_NO LMI_MODE LMI_SYS_INVS_NO LMI_SYS_TRANS_NO LMI_SYS_TRANS_DATE'.split(
      ' ',
    );
  const before = names.flatMap((name) => fields[name] ?? []);
  const values = [...before, key, fields['LMI_PAYER_PURSE'] ?? '', fields['LMI_PAYER_WM'] ?? ''];
  const digest = (text: string, by: string) => createHash(by).update(text).digest('hex').toUpperCase();
  return {
    ...fields,
    ...(plain && { LMI_HASH: digest(values.join(''), algorithm) }),
    ...(second && { LMI_HASH2: digest(values.join(';'), 'sha256') }),
  };
}

/** The notice of a paid cart. */
export function paid(changes: FormFields = {}, goods: WebmoneyCart = cart): FormFields {
  const { fields } = signCart(goods, cartSecret);
  return hashed({ ...notice, ...fields, ...changes });
}

/** What WebMoney sends before the payment. */
export function asked(changes: Record<string, string | undefined> = {}, goods: WebmoneyCart = cart): FormFields {
  const { fields } = signCart(goods, cartSecret);
  const form: Record<string, string | undefined> = {
    LMI_PREREQUEST: '1',
    LMI_PAYEE_PURSE: 'Z123456789012',
    LMI_MODE: '0',
    ...fields,
    ...changes,
  };
  return Object.fromEntries(Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

export const formType = { 'content-type': 'application/x-www-form-urlencoded' };

export function bodyOf(fields: FormFields): string {
  return new URLSearchParams(fields).toString();
}
