import { createPublicKey, verify } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { jsonReply } from '../../double-server.ts';
import { certificateFamily } from '../certificates.ts';
import { bodyOf, type Handler } from './call.ts';
import { invalid, unknownResource } from './errors.ts';

const fields = [
  'auth_algo',
  'cert_url',
  'transmission_id',
  'transmission_sig',
  'transmission_time',
  'webhook_id',
  'webhook_event',
];

/**
 * Proves a delivery. What counts are the bytes of `webhook_event` as they stand in the request: written anew they are another
 * event, and the answer is FAILURE.
 */
export const verifySignature: Handler = (request, _, { webhookId }) => {
  const body = bodyOf(request);
  const missing = fields.find((name) => body[name] === undefined);
  if (missing !== undefined) throw invalid('MISSING_REQUIRED_PARAMETER', missing);
  const mark = '"webhook_event":';
  const begin = request.text.indexOf(mark);
  const event = request.text.slice(begin + mark.length, request.text.lastIndexOf('}'));
  const text = `${String(body['transmission_id'])}|${String(body['transmission_time'])}|${webhookId}|${crc32(event)}`;
  const key = createPublicKey(certificateFamily().signer.key);
  const signature = Buffer.from(String(body['transmission_sig']), 'base64');
  const isGenuine =
    body['webhook_id'] === webhookId &&
    body['auth_algo'] === 'SHA256withRSA' &&
    verify('RSA-SHA256', Buffer.from(text), key, signature);
  return jsonReply({ verification_status: isGenuine ? 'SUCCESS' : 'FAILURE' });
};

export const showWebhook: Handler = (_, [id = ''], { webhookId, webhookUrl, switches }) => {
  if (id !== webhookId) throw unknownResource();
  return jsonReply({ id, url: webhookUrl(), event_types: switches.webhookEvents.map((name) => ({ name })), links: [] });
};

/** Newest first, in pages; the link to the next one carries all that is needed. */
export const listEvents: Handler = (request, _, { books, pageSize }) => {
  const { start_time: from, end_time: until, page_size: size = '10', start = '0' } = request.query;
  if (!/^\d{1,3}$/.test(size) || Number(size) > 300) throw invalid('INVALID_PARAMETER_VALUE', 'page_size');
  const within = books.all('events').filter((event) => {
    const at = Date.parse(event['create_time'] as string);
    return (from === undefined || at >= Date.parse(from)) && (until === undefined || at < Date.parse(until));
  });
  const newest = within.toSorted((a, b) => Date.parse(b['create_time'] as string) - Date.parse(a['create_time'] as string));
  const [begin, length] = [Number(start), Math.min(Number(size), pageSize)];
  const end = begin + length;
  const next = new URLSearchParams({ ...request.query, start: String(end) });
  const href = `${books.url}/v1/notifications/webhooks-events?${next.toString()}`;
  return jsonReply({
    events: newest.slice(begin, end),
    count: newest.length,
    links: end < newest.length ? [{ href, rel: 'next', method: 'GET' }] : [],
  });
};
