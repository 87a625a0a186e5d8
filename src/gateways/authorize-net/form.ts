/** The fields of a relay response or silent post. */
export type PostedForm = ReadonlyMap<string, string>;

const mostFields = 300;

/** Undefined when it is no such form: no `x_trans_id`, a field of theirs twice, or absurdly many. Names are in small letters. */
export function readPostedForm(body: Uint8Array): PostedForm | undefined {
  if (body.length > 200_000) return undefined;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  if (!/(^|&)x_trans_id=/i.test(text) || text.split('&', mostFields + 1).length > mostFields) return undefined;
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text.replace(/[\r\n]+$/, ''))) {
    const key = name.toLowerCase();
    if (form.has(key) && key.startsWith('x_')) return undefined;
    if (!form.has(key)) form.set(key, value);
  }
  return form;
}
