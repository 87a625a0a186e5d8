/** Where in a row each thing stands. `amount` has a sign; `credit` holds only money that came in. */
export interface Columns {
  readonly date?: number;
  readonly amount?: number;
  readonly credit?: number;
  readonly direction?: number;
  readonly currency?: number;
  readonly name?: number;
  readonly text: readonly number[];
  readonly id?: number;
}

type Single = Exclude<keyof Columns, 'text'>;

/** Headings that German and English banks use, in small letters. */
const known: Readonly<Record<keyof Columns, readonly string[]>> = {
  date: [
    'buchungstag',
    'buchungsdatum',
    'buchung',
    'wertstellung',
    'valutadatum',
    'valuta',
    'datum',
    'booking date',
    'date',
    'transaction date',
    'value date',
    'completed date',
  ],
  amount: ['betrag', 'betrag (eur)', 'betrag (€)', 'umsatz', 'umsatz in eur', 'amount', 'amount (eur)', 'value'],
  credit: ['haben', 'gutschrift', 'gutschrift (€)', 'credit', 'credit amount', 'paid in', 'money in'],
  direction: ['soll/haben', 's/h', 'debit/credit', 'direction', 'credit/debit'],
  currency: ['währung', 'waehrung', 'currency'],
  name: [
    'beguenstigter/zahlungspflichtiger',
    'begünstigter/zahlungspflichtiger',
    'name zahlungsbeteiligter',
    'zahlungspflichtige*r',
    'auftraggeber / begünstigter',
    'auftraggeber/empfänger',
    'auftraggeber',
    'name',
    'payer',
    'counterparty',
    'counter party',
    'payee',
  ],
  text: [
    'verwendungszweck',
    'buchungstext',
    'vorgang/verwendungszweck',
    'buchungsdetails',
    'zahlungsreferenz',
    'kundenreferenz (end-to-end)',
    'reference',
    'payment reference',
    'description',
    'details',
    'memo',
    'narrative',
  ],
  id: ['transaction id', 'transaktions-id', 'umsatz-id', 'buchungsreferenz', 'bankreferenz', 'id'],
};

/** The row of headings and what its columns are. A row counts when it names a sum and a text. */
export function findColumns(
  rows: readonly (readonly string[])[],
  named: Readonly<Record<string, string | readonly string[]>> = {},
): { readonly row: number; readonly columns: Columns } | undefined {
  for (const [row, cells] of rows.slice(0, 60).entries()) {
    const headings = cells.map((cell) =>
      cell
        .trim()
        .toLowerCase()
        .replace(/^\uFEFF/, ''),
    );
    const all = (name: keyof Columns): number[] => {
      const wanted = named[name] === undefined ? known[name] : [named[name]].flat().map((each) => each.trim().toLowerCase());
      return wanted.map((each) => headings.indexOf(each)).filter((index) => index >= 0);
    };
    const single = (name: Single): Partial<Record<Single, number>> => {
      const [first] = all(name);
      return first === undefined ? {} : { [name]: first };
    };
    const text = all('text');
    const sums = { ...single('credit'), ...single('amount') };
    if (text.length === 0 || Object.keys(sums).length === 0) continue;
    const usesCredit = sums.credit !== undefined && (sums.amount === undefined || named['credit'] !== undefined);
    const sum = usesCredit ? { credit: sums.credit } : { amount: sums.amount };
    const others = (['date', 'direction', 'currency', 'name', 'id'] as const).map(single);
    return { row, columns: Object.assign({ text: [...new Set(text)] }, sum, ...others) as Columns };
  }
  return undefined;
}
