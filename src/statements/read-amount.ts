import { decimalsOf, type Money } from '../contract/money.ts';

/**
 * A sum as banks write it, e.g. `1.234,56`, `-1,234.56`, `49,00-`, `49,00 H`. Undefined for what is none. Without `decimal` the
 * last separator parts the fraction where that cannot be read in two ways; `1.234` can, and is undefined.
 */
export function readAmount(text: string, currency: string, decimal?: ',' | '.'): Money | undefined {
  const found = /^([+-]?)([\d.,' ]*\d)([+-]?) ?([A-Z]{3}|[HSCD]|€)?$/.exec(
    text.replace(/[\u00a0\u202f\u2212]/g, (odd) => (odd === '\u2212' ? '-' : ' ')).trim(),
  );
  if (!found) return undefined;
  const [, before = '', digits = '', after = '', mark = ''] = found;
  const parts = splitFraction(digits, decimal);
  if (!parts || (mark.length === 3 && mark !== currency)) return undefined;
  const decimals = decimalsOf(currency);
  const fraction = parts.fraction.replace(/0+$/, '');
  if (fraction.length > decimals) return undefined;
  const amount = Number(parts.whole + fraction.padEnd(decimals, '0'));
  const isOut = (before + after).includes('-') || mark === 'S' || mark === 'D';
  return Number.isSafeInteger(amount) ? { amount: isOut ? -amount : amount, currency } : undefined;
}

function splitFraction(digits: string, decimal: ',' | '.' | undefined): { whole: string; fraction: string } | undefined {
  const mark = decimal ?? likelyMark(digits);
  if (mark === undefined) return undefined;
  const [head = '', fraction = '', ...more] = mark === '' ? [digits] : digits.split(mark);
  const other = mark === ',' ? '.' : ',';
  const groups = head.split(new RegExp(`[${other}' ]`));
  const isGrouped = groups.length === 1 || (groups[0] !== '' && groups.slice(1).every((group) => /^\d{3}$/.test(group)));
  if (more.length > 0 || !isGrouped || !/^\d*$/.test(fraction) || !/^\d+$/.test(groups.join(''))) return undefined;
  return { whole: groups.join(''), fraction };
}

/** What parts the fraction; empty: there is none. Undefined: it could be either. */
function likelyMark(digits: string): ',' | '.' | '' | undefined {
  const last = Math.max(digits.lastIndexOf(','), digits.lastIndexOf('.'));
  if (last < 0) return '';
  const mark = digits[last] === ',' ? ',' : '.';
  const times = digits.split(mark).length - 1;
  if (times > 1) return mark === ',' ? '.' : ',';
  const isAmbiguous = digits.length - last - 1 === 3 && !digits.includes(mark === ',' ? '.' : ',');
  return isAmbiguous ? undefined : mark;
}
