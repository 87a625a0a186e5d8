import type { Form } from './form.ts';

/** The fields of a result notice, as they were sent: the hash is made over these very texts. */
export interface WebmoneyNotice {
  readonly payeePurse: string;
  readonly amount: string;
  /** Undefined when it was not sent; it stands in the hash even when it is empty. */
  readonly hold: string | undefined;
  readonly number: string;
  readonly mode: string;
  readonly invoice: string;
  readonly transaction: string;
  /** `YYYYMMDD HH:MM:SS` */
  readonly date: string;
  readonly payerPurse: string;
  readonly payerId: string;
}

const purse = /^[A-Za-z]\d{12}$/;
const counter = /^\d{1,15}$/;

/**
 * The plain concatenation of LMI_HASH says nothing of where one value ends and the next begins, so each has a strict form.
 * Who paid is read leniently: not every way of paying has a purse.
 */
const forms: Readonly<Record<string, RegExp>> = {
  LMI_PAYEE_PURSE: purse,
  LMI_PAYMENT_AMOUNT: /^\d{1,10}(\.\d{1,8})?$/,
  LMI_PAYMENT_NO: counter,
  LMI_MODE: /^[01]$/,
  LMI_SYS_INVS_NO: counter,
  LMI_SYS_TRANS_NO: counter,
  LMI_SYS_TRANS_DATE: /^\d{8} \d{2}:\d{2}:\d{2}$/,
  LMI_PAYER_PURSE: /^([A-Za-z]?\d{1,15})?$/,
  LMI_PAYER_WM: /^\d{0,15}$/,
};
const holdForm = /^\d{0,4}$/;

/** The notice, or the name of the first field that is missing or has not its form. */
export function readNotice(form: Form): WebmoneyNotice | string {
  const wrong = Object.entries(forms).find(([name, valid]) => !valid.test(form.get(name) ?? '?'));
  if (wrong) return wrong[0];
  const hold = form.get('LMI_HOLD');
  if (hold !== undefined && !holdForm.test(hold)) return 'LMI_HOLD';
  const text = (name: string): string => form.get(name) ?? '';
  return {
    payeePurse: text('LMI_PAYEE_PURSE'),
    amount: text('LMI_PAYMENT_AMOUNT'),
    hold,
    number: text('LMI_PAYMENT_NO'),
    mode: text('LMI_MODE'),
    invoice: text('LMI_SYS_INVS_NO'),
    transaction: text('LMI_SYS_TRANS_NO'),
    date: text('LMI_SYS_TRANS_DATE'),
    payerPurse: text('LMI_PAYER_PURSE'),
    payerId: text('LMI_PAYER_WM'),
  };
}

/** The same on every delivery of one payment. */
export function deliveryOf({ payeePurse, transaction }: Pick<WebmoneyNotice, 'payeePurse' | 'transaction'>): string {
  return `${payeePurse.toUpperCase()}:${transaction}`;
}
