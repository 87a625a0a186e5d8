import type { Request } from 'express';

/** So many bytes, as a part or whole; `unchanged`: the caller has it; `nothing`: a range behind the end. */
export type Asked = { readonly bytes: number; readonly isPart: boolean } | 'unchanged' | 'nothing';

/**
 * What a request for a file of this size asks for (RFC 9110, sections 13 and 14), before it is answered. Several ranges at
 * once, and ranges of another version than the caller has or of a day, mean the whole file.
 */
export function whatIsAskedFor(req: Request, size: number, etag: string): Asked {
  if (isListed(req.headers['if-none-match'], etag)) return 'unchanged';
  const whole = { bytes: size, isPart: false };
  const ifRange = req.headers['if-range'];
  if (req.headers.range === undefined || (ifRange !== undefined && ifRange !== etag)) return whole;
  const ranges = req.range(size, { combine: true });
  if (ranges === -1) return 'nothing';
  if (!Array.isArray(ranges) || ranges.type !== 'bytes' || ranges.length !== 1) return whole;
  const [range] = ranges;
  return range ? { bytes: range.end - range.start + 1, isPart: true } : whole;
}

function isListed(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const known = header.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}
