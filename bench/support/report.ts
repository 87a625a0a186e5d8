import { cpus, release, totalmem } from 'node:os';

export type Row = Readonly<Record<string, string | number>>;

export interface Report {
  readonly bench: string;
  readonly rows: readonly Row[];
  /** What follows from the rows: ratios, and how it was measured. */
  readonly summary: Readonly<Record<string, unknown>>;
}

/** What a figure is worth nothing without. `more`: versions that only the measured system knows. */
export function machine(more: Readonly<Record<string, string | undefined>> = {}): Record<string, string> {
  const known = {
    date: new Date().toISOString().slice(0, 10),
    cpu: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${process.platform} ${release()}`,
    node: process.version,
    sqlite: process.versions['sqlite'],
    ...more,
  };
  return Object.fromEntries(Object.entries(known).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** A table for a person and one JSON line for a program; with `asMarkdown` a table for docs/performance.md instead. */
export function print({ bench, rows, summary }: Report, asMarkdown = false): void {
  if (asMarkdown) {
    console.log(markdown(bench, rows, summary));
    return;
  }
  console.table(rows);
  console.log(JSON.stringify({ bench, ...summary, rows }));
}

function markdown(bench: string, rows: readonly Row[], summary: Report['summary']): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const measured = Object.entries(summary).map(([name, value]) => `${name} ${textOf(value)}`);
  return [
    `<!-- npm run bench ${bench} -->`,
    line(names),
    line(names.map(() => '---')),
    ...rows.map((row) => line(names.map((name) => row[name] ?? ''))),
    '',
    `Measured with: ${measured.join('; ')}.`,
  ].join('\n');
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, each]) => `${name} ${textOf(each)}`)
    .join(', ');
}
