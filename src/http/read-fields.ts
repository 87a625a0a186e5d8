import type { Request } from 'express';
import { ActivationError } from '../activation/activation-error.ts';
import { BodyError, readRawBody } from './raw-body.ts';

const maxBytes = 16 * 1024;

/** The fields of a small question, sent as JSON or as a form, also where a body parser of the host was quicker. */
export async function readFields(req: Request): Promise<unknown> {
  const isJson = Boolean(req.is(['json', '+json']));
  if (!isJson && !req.is('urlencoded')) {
    throw new ActivationError(415, 'ACTIVATION_MALFORMED', 'Send JSON ("Content-Type: application/json") or a form.');
  }
  const parsed: unknown = req.body;
  if (typeof parsed === 'object' && parsed !== null && !(parsed instanceof Uint8Array) && Object.keys(parsed).length > 0)
    return parsed;
  const text = await textOf(req);
  if (!isJson) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ActivationError(400, 'ACTIVATION_MALFORMED', 'The body is not JSON.');
  }
}

async function textOf(req: Request): Promise<string> {
  try {
    return (await readRawBody(req, { maxBytes })).toString('utf8');
  } catch (error) {
    if (error instanceof BodyError && error.status < 500)
      throw new ActivationError(error.status, 'ACTIVATION_MALFORMED', error.message);
    throw error;
  }
}
