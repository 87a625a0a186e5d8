import type { PlainText } from './plain-text.ts';

const requestField = { name: 'request', label: 'Request code', lines: 5 } as const;

const statusTexts: Readonly<Record<string, string>> = {
  full: 'All seats of this key are taken. Give one back on another machine, or write to us.',
  expired: 'This key has expired.',
  revoked: 'This key is not valid any more.',
  unknown: 'We do not know this key for this product.',
};

/** The page where the request code of a machine without network is turned into an answer. */
export function offlinePage(
  shown: { readonly status?: string; readonly answer?: string; readonly problem?: string } = {},
): PlainText {
  const { status, answer, problem } = shown;
  if (status === 'active') {
    return {
      heading: 'Your machine is activated',
      tone: 'good',
      text: 'Copy the whole answer into the software on that machine, or save it as a file and carry it there.',
      next: ['The answer only works on the machine that made the request code.'],
      form: { fields: [{ name: 'answer', label: 'Answer', lines: 8, value: answer ?? '', isAnswer: true }] },
    };
  }
  const refusal = problem ?? (status === undefined ? undefined : (statusTexts[status] ?? 'This could not be done.'));
  return {
    heading: refusal === undefined ? 'Activate a machine without network' : 'This machine could not be activated',
    tone: refusal === undefined ? 'neutral' : 'bad',
    text: refusal ?? 'The software on that machine shows a request code. Enter it here, and you get an answer to carry back.',
    next: ['The code begins with HA1.', 'Nothing is installed and no account is needed.'],
    form: { label: 'Activate', fields: [requestField] },
  };
}
