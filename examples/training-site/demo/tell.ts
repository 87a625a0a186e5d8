import { styleText } from 'node:util';
import type { ReceivedMail } from 'handover/testing';

/** How the demo speaks: plain lines, bold headings where the terminal can. */
export const tell = {
  line: (text = ''): void => console.log(text),
  heading: (text: string): void => console.log(`\n${styleText('bold', text)}\n`),
  /** `   12 ms  what happened`; what happens later, when somebody clicks around, has the time of day. */
  event: (afterMs: number, what: string): void => {
    const when = afterMs < 60_000 ? `${Math.max(0, Math.round(afterMs))} ms` : new Date().toTimeString().slice(0, 8);
    console.log(`${when.padStart(9)}  ${what}`);
  },
  quote: (text: string): void => console.log(text.replace(/^/gm, '  | ').replace(/ +$/gm, '')),
  table: (rows: readonly (readonly [name: string, value: string])[]): void => {
    const width = Math.max(...rows.map(([name]) => name.length));
    for (const [name, value] of rows) console.log(`  ${name.padEnd(width)}  ${value}`);
  },
};

export function mailAsText({ to, parsed }: ReceivedMail): string {
  const head = [
    `From: ${parsed.from?.name ?? ''} <${parsed.from?.address ?? ''}>`,
    `To: ${to.join(', ')}`,
    `Subject: ${parsed.subject ?? ''}`,
  ];
  return `${head.join('\n')}\n\n${(parsed.text ?? '').trim()}`;
}
