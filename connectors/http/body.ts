import { createHash } from 'node:crypto';
import { giveUp } from 'handover/contract';
import type { HttpRequest } from 'handover/contract';
import { asReference, encodeText } from './charset.ts';
import { fillFields, fillJson, fillText } from './fill.ts';
import type { Values } from './names.ts';
import type { Charset, RequestSettings } from './options.ts';

type Body = Pick<HttpRequest, 'bytes' | 'json' | 'headers'>;

/** The body of a request; values are encoded for where they stand. */
export function bodyOf(request: RequestSettings, values: Values, charset: Charset): Body {
  const { json, form, multipart, text, contentType = 'text/plain' } = request;
  if (json !== undefined) return { json: fillJson(json, values) };
  if (form) {
    const fields = fillFields(form, values);
    return multipart === true ? multipartOf(fields, charset) : urlencoded(fields, charset);
  }
  if (text === undefined) return {};
  const filled = fillText(text, values, encoderFor(contentType));
  const bytes = encodeText(filled, charset, () => {
    throw giveUp('HTTP_CHARACTER_MISSING', `The text of the request holds a character that ${charset} does not have.`, {
      hint: 'Set "charset" to "utf-8" if the other side takes it, or carry the step out by hand.',
    });
  });
  return {
    bytes,
    headers: { 'Content-Type': /;\s*charset=/i.test(contentType) ? contentType : `${contentType}; charset=${charset}` },
  };
}

/** Placeholders inside XML, JSON or form texts can mean nothing but text there. */
function encoderFor(contentType: string): (value: string) => string {
  if (/\bxml\b|\+xml|html/i.test(contentType)) return escapeXml;
  if (/json/i.test(contentType)) return (value) => JSON.stringify(value).slice(1, -1);
  if (/x-www-form-urlencoded/i.test(contentType)) return (value) => encodeURIComponent(value.toWellFormed());
  return String;
}

/** Control characters that XML cannot hold are taken out. */
function escapeXml(value: string): string {
  return value
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** The WHATWG URL Standard's serialisation, in the form's charset. */
function urlencoded(fields: readonly [string, string][], charset: Charset): Body {
  const encode = (text: string): string =>
    [...encodeText(lines(text), charset, asReference)].map((byte) => percent(byte)).join('');
  const body = fields.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  return {
    bytes: Buffer.from(body, 'latin1'),
    headers: { 'Content-Type': `application/x-www-form-urlencoded${charset === 'utf-8' ? '' : `; charset=${charset}`}` },
  };
}

function percent(byte: number): string {
  const character = String.fromCharCode(byte);
  if (/[A-Za-z0-9*\-._]/.test(character)) return character;
  return byte === 0x20 ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** RFC 7578. The boundary comes from the content, so every attempt sends the same bytes. */
function multipartOf(fields: readonly [string, string][], charset: Charset): Body {
  const boundary = `form-${createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, 32)}`;
  const parts = fields.flatMap(([name, value]) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${lines(value)}\r\n`,
  ]);
  return {
    bytes: encodeText(`${parts.join('')}--${boundary}--\r\n`, charset, asReference),
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
  };
}

function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Forms end their lines with CR LF. */
function lines(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n');
}
