import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

/** Where a command reads and writes. Results go to standard output, remarks and errors to standard error. */
export interface Terminal {
  print(text?: string): void;
  printJson(value: unknown): void;
  /** A remark that is no result. */
  note(text: string): void;
  /** Resolves once the reader has taken what was printed, for results that do not fit into memory. */
  taken(): Promise<void>;
  readInput(): Promise<Buffer>;
}

export const terminal: Terminal = {
  print: (text = '') => void process.stdout.write(`${harmless(text)}\n`),
  printJson: (value) => void process.stdout.write(`${escaped(JSON.stringify(value, null, 2))}\n`),
  note: (text) => void process.stderr.write(`${harmless(text)}\n`),
  async taken() {
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  },
  readInput: () => buffer(process.stdin),
};

/** Whoever reads no further (`handover orders | head`) ends the command; that is no error. */
export function endQuietlyWithoutReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

/** Control characters and those that turn the direction of writing: a buyer's name could steer the terminal by them. */
const steering = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

function harmless(text: string): string {
  return text.replace(steering, '\uFFFD');
}

function escaped(json: string): string {
  return json.replace(steering, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
