import { ActivationError } from './activation-error.ts';

/** What software tells when it asks about its key. */
export interface ActivationRequest {
  readonly product: string;
  readonly key: string;
  /** Names the machine, the same at each question; best a hash the software makes. */
  readonly machine: string;
  /** The software's own version. */
  readonly version?: string;
  /** Anything new at each question: it comes back in the answer, so that an old answer is noticed. */
  readonly nonce?: string;
}

const longest = { product: 100, key: 2000, machine: 200, version: 50, nonce: 200 } as const;
type Field = keyof typeof longest;
const needed: readonly Field[] = ['product', 'key', 'machine'];
const unprintable = /[\p{Cc}\p{Cs}]/u;

/** Reads the fields of a question, sent as JSON or as a form. Throws an `ActivationError` that names fields, never values. */
export function readRequest(fields: unknown): ActivationRequest {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw malformed('Send an object with product, key and machine.');
  const given = fields as Readonly<Record<string, unknown>>;
  const read = Object.fromEntries(
    (Object.keys(longest) as Field[]).flatMap((name) => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (value === undefined || value === null) return [];
      if (typeof value !== 'string') throw malformed(`"${name}" has to be a text.`);
      const text = name === 'key' ? value.replace(/\s+/g, '') : value.trim();
      if (text.length > longest[name] || unprintable.test(text))
        throw malformed(`"${name}" is too long or has characters that cannot be printed.`);
      return text === '' ? [] : [[name, text]];
    }),
  );
  const missing = needed.find((name) => !Object.hasOwn(read, name));
  if (missing !== undefined) throw malformed(`"${missing}" is missing.`);
  return read as unknown as ActivationRequest;
}

const codeForm = /^HA1\.([A-Za-z0-9_-]{8,8000})$/;

/** A request code: `HA1.` and the question as base64url of JSON. A file may hold the code, or the JSON itself. */
export function readRequestCode(text: string): ActivationRequest {
  const tidy = text.trim();
  const [, body] = codeForm.exec(tidy.replace(/\s+/g, '')) ?? [];
  try {
    return readRequest(JSON.parse(body === undefined ? tidy : Buffer.from(body, 'base64url').toString('utf8')));
  } catch (error) {
    if (error instanceof ActivationError) throw error;
    throw malformed('This is no request code. It begins with "HA1." and is shown by the software that is to be activated.');
  }
}

/** The code that `readRequestCode` reads: what software on a machine without network shows. */
export function writeRequestCode(request: ActivationRequest): string {
  return `HA1.${Buffer.from(JSON.stringify(request)).toString('base64url')}`;
}

function malformed(message: string): ActivationError {
  return new ActivationError(400, 'ACTIVATION_MALFORMED', message);
}
