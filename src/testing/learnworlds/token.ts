import { randomBytes } from 'node:crypto';
import { jsonReply, type DoubleReply, type DoubleRequest } from '../double-server.ts';
import type { School } from './state.ts';

const lifeSeconds = 8000;

export function refuse(status: number, error: string): DoubleReply {
  return jsonReply({ status_code: status, error }, status);
}

/** The credentials stand as JSON in the form field `data`, and the client id in a header, too. A new token ends the former one. */
export function giveToken(school: School, { form, headers }: DoubleRequest): DoubleReply {
  const sent = inData(form['data']);
  const isRight =
    headers['lw-client'] === school.clientId &&
    sent['client_id'] === school.clientId &&
    sent['client_secret'] === school.clientSecret &&
    sent['grant_type'] === 'client_credentials';
  if (!isRight) return jsonReply({ errors: [{ code: 400, context: 'access_denied', message: 'denied' }], success: false }, 400);
  const text = randomBytes(20).toString('hex');
  school.secrets.push(text);
  school.token = { text, until: school.now().getTime() + lifeSeconds * 1000 };
  return jsonReply({
    tokenData: { access_token: text, token_type: 'Bearer', expires_in: lifeSeconds },
    errors: [],
    success: true,
  });
}

export function identify(school: School, { headers }: DoubleRequest): DoubleReply | undefined {
  const isGood = school.token && headers.authorization === `Bearer ${school.token.text}`;
  if (!isGood || (school.token?.until ?? 0) <= school.now().getTime()) return refuse(401, 'Unauthorized');
  if (headers['lw-client'] !== school.clientId) return refuse(401, 'Lw-Client missing');
  return school.switches.isForbidden ? refuse(403, 'Forbidden') : undefined;
}

export function inData(data = ''): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(data) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
