import type { DoubleRequest } from '../double-server.ts';
import type { AxisLmsSwitches } from './switches.ts';

/** The parameters of a write, taken only from where `bodyEncoding` looks. */
export function sentParameters(request: DoubleRequest, { bodyEncoding }: AxisLmsSwitches): Record<string, string> {
  const encoding =
    typeof bodyEncoding === 'string' ? bodyEncoding : request.method === 'PUT' ? bodyEncoding.put : bodyEncoding.post;
  const sources = { query: request.query, form: request.form, json: scalars(request.json) };
  return encoding === 'any' ? (Object.assign({}, ...Object.values(sources)) as Record<string, string>) : { ...sources[encoding] };
}

function scalars(json: unknown): Record<string, string> {
  if (typeof json !== 'object' || json === null) return {};
  const entries = Object.entries(json).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
