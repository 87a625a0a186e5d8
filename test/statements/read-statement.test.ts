import { expect } from 'chai';
import { HandoverError } from '../../src/contract/errors.ts';
import { readAmount } from '../../src/statements/read-amount.ts';
import { readStatement, type StatementFormat } from '../../src/statements/statement.ts';

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

function refusal(bytes: Uint8Array, format: StatementFormat = {}): string {
  try {
    readStatement(bytes, format);
    return 'taken';
  } catch (error) {
    return error instanceof HandoverError ? error.code : String(error);
  }
}

describe('A bank statement in CSV', () => {
  it('is read as German banks write it: old code page, decimal comma, lines before the headings', () => {
    const text = [
      '"Kontonummer:";"DE02 / Girokonto";',
      '"Kontostand vom 31.01.2027:";"1.234,56 EUR";',
      '',
      '"Buchungstag";"Beguenstigter/Zahlungspflichtiger";"Verwendungszweck";"Betrag";"Waehrung"',
      '"15.01.27";"Jürgen Groß";"Kurs ""A""; zweite Zeile";"1.049,00";"EUR"',
      '"16.01.27";"Bank";"Entgelt";"-5,00";"EUR"',
    ].join('\r\n');
    const { entries, skipped } = readStatement(Buffer.from(text, 'latin1'));
    expect(skipped).to.equal(1);
    const [entry] = entries;
    expect(entry).to.deep.include({ date: '2027-01-15', name: 'Jürgen Groß', text: 'Kurs "A"; zweite Zeile' });
    expect(entry?.amount).to.deep.equal({ amount: 104900, currency: 'EUR' });
  });

  it('is read as English banks write it, with a column for money in', () => {
    const text =
      'Date,Description,Money out,Money in,Transaction ID\n15/01/2027,RF18 COURSE,,"1,049.00",T-1\n16/01/2027,Fee,5.00,,T-2\n';
    const { entries, skipped } = readStatement(utf8(text), { currency: 'GBP' });
    expect(entries.map(({ id, amount }) => [id, amount.amount, amount.currency])).to.deep.equal([['T-1', 104900, 'GBP']]);
    expect(skipped).to.equal(1);
  });

  it('tells money in from money out by a mark where sums have no sign', () => {
    const text = 'Datum;Verwendungszweck;Umsatz;Soll/Haben\n15.01.2027;in;49,00;H\n15.01.2027;out;20,00;S\n';
    const { entries } = readStatement(utf8(text), { currency: 'EUR' });
    expect(entries.map(({ text: words }) => words)).to.deep.equal(['in']);
  });

  it('takes the currency from the heading, or asks for it', () => {
    expect(
      readStatement(utf8('Buchungsdatum;Verwendungszweck;Betrag (€)\n15.01.27;x;49,00\n')).entries[0]?.amount.currency,
    ).to.equal('EUR');
    expect(refusal(utf8('Datum;Verwendungszweck;Betrag\n15.01.27;x;49,00\n'))).to.equal('STATEMENT_CURRENCY');
  });

  it('names a payment the same in every file, and two that say the same apart', () => {
    const heading = 'Datum;Verwendungszweck;Betrag;Währung\n';
    const line = '15.01.2027;x;49,00;EUR\n';
    const idsOf = (text: string): string[] => readStatement(utf8(text)).entries.map(({ id }) => id);
    expect(idsOf(`${heading}14.01.2027;y;1,00;EUR\n${line}`)[1]).to.equal(idsOf(heading + line)[0]);
    expect(new Set(idsOf(heading + line + line)).size).to.equal(2);
  });

  it('takes columns by the names it is given', () => {
    const { entries } = readStatement(utf8('wann;wer;was;wieviel\n15.01.2027;Ada;x;49.00\n'), {
      currency: 'EUR',
      columns: { date: 'wann', name: 'wer', text: ['was'], amount: 'wieviel' },
    });
    expect(entries[0]).to.deep.include({ name: 'Ada', amount: { amount: 4900, currency: 'EUR' } });
  });

  it('reads sums exactly, and none that could mean two things', () => {
    const read = (text: string, decimal?: ',' | '.') => readAmount(text, 'EUR', decimal)?.amount;
    expect([
      read('1.234,56'),
      read("1'234.56"),
      read('49,00-'),
      read('+49'),
      read('49,00 €'),
      read('1 049,00'),
      read('-0,05'),
    ]).to.deep.equal([123456, 123456, -4900, 4900, 4900, 104900, -5]);
    expect([read('1.234'), read('1.23.4'), read('12.34,567'), read('€'), read('4,9,0')]).to.deep.equal(Array(5).fill(undefined));
    expect([read('1.234', ','), read('1.234', '.'), read('1,5', ',')]).to.deep.equal([123400, undefined, 150]);
  });
});

const camt = (entries: string, root = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="${root}"><BkToCstmrStmt><Stmt><Id>1</Id>${entries}</Stmt></BkToCstmrStmt></Document>`;
const entry = (inside: string, { amount = '49.00', kind = 'CRDT', status = 'BOOK' } = {}): string =>
  `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${kind}</CdtDbtInd><Sts>${status}</Sts><BookgDt><Dt>2027-01-15</Dt></BookgDt>${inside}</Ntry>`;
const details = (ref: string, more = ''): string =>
  `<TxDtls><Refs><AcctSvcrRef>${ref}</AcctSvcrRef></Refs>${more}<RltdPties><Dbtr><Nm>Ada &amp; Co</Nm></Dbtr></RltdPties><RmtInf><Ustrd>RF18 ABCD</Ustrd></RmtInf></TxDtls>`;

describe('A bank statement in CAMT.053', () => {
  it('gives the booked credits, each payment of a batch for itself', () => {
    const batch = `<NtryDtls>${details('B1', '<Amt Ccy="EUR">20.00</Amt>')}${details('B2', '<AmtDtls><TxAmt><Amt Ccy="EUR">29.00</Amt></TxAmt></AmtDtls>')}</NtryDtls>`;
    const { entries, skipped } = readStatement(
      utf8(
        camt(
          entry(`<NtryDtls>${details('A1')}</NtryDtls>`) +
            entry(batch) +
            entry('', { kind: 'DBIT' }) +
            entry('', { status: 'PDNG' }) +
            entry('<RvslInd>true</RvslInd>'),
        ),
      ),
    );
    expect(entries.map(({ amount }) => amount.amount)).to.deep.equal([4900, 2000, 2900]);
    expect(entries[0]).to.deep.include({ date: '2027-01-15', name: 'Ada & Co', text: 'RF18 ABCD' });
    expect(entries.map(({ id }) => id.slice(0, 2))).to.deep.equal(['A1', 'B1', 'B2']);
    expect(skipped).to.equal(3);
  });

  it('knows newer versions and prefixes, and structured references', () => {
    const text = camt(
      '<Ntry><Amt Ccy="EUR">49</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>2027-01-15T10:00:00</DtTm></BookgDt><NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>Ada</Nm></Pty></Dbtr></RltdPties><RmtInf><Strd><CdtrRefInf><Ref>RF18X</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>',
      'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08',
    )
      .replace(/<(\/?)(?=[A-Z])/g, '<$1ns2:')
      .replace('xmlns=', 'xmlns:ns2=');
    expect(readStatement(utf8(text)).entries[0]).to.deep.include({ name: 'Ada', text: 'RF18X', date: '2027-01-15' });
  });

  it('refuses a document type, an entity, a bomb and what is no statement', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + camt(entry('')).slice(38);
    expect(refusal(utf8(`<?xml version="1.0"?>${bomb}`))).to.equal('STATEMENT_UNREADABLE');
    expect(refusal(utf8('<?xml version="1.0"?><Document><Other/></Document>'))).to.equal('STATEMENT_UNREADABLE');
    expect(refusal(utf8(camt(entry('')).slice(0, -20)))).to.equal('STATEMENT_UNREADABLE');
    expect(refusal(utf8(camt('<a>'.repeat(500) + '</a>'.repeat(500))))).to.equal('STATEMENT_UNREADABLE');
    expect(refusal(Buffer.alloc(21 * 1024 * 1024, 'x'))).to.equal('STATEMENT_TOO_LARGE');
    expect(readStatement(utf8(camt(entry('<AddtlNtryInf>&evil; &#65;</AddtlNtryInf>')))).entries[0]?.text).to.equal('&evil; A');
  });

  it('refuses a statement one of whose sums cannot be read, whole', () => {
    expect(refusal(utf8(camt(entry('') + entry('', { amount: '4,9' }))))).to.equal('STATEMENT_UNREADABLE');
  });
});
