import { escapeText, htmlReply, type DoubleReply, type DoubleRequest } from '../double-server.ts';
import { cohortFunctions } from './cohorts.ts';
import { courseFunctions } from './courses.ts';
import { enrolmentFunctions } from './enrolments.ts';
import { groupFunctions } from './groups.ts';
import { readParameters, type Params } from './parameters.ts';
import { errorBody, PasswordRefusal, Refusal } from './refusal.ts';
import { siteFunctions } from './site-info.ts';
import type { Moodle } from './state.ts';
import { userKeyFunctions } from './user-keys.ts';
import { userFunctions } from './users.ts';
import type { WsFunction } from './ws-function.ts';

const functions: Readonly<Record<string, WsFunction>> = {
  ...siteFunctions,
  ...userFunctions,
  ...courseFunctions,
  ...enrolmentFunctions,
  ...groupFunctions,
  ...cohortFunctions,
  ...userKeyFunctions,
};

/** Every function the double knows. */
export const knownFunctions: readonly string[] = Object.keys(functions);

/** `webservice/rest/server.php`: whatever the outcome, HTTP 200, unless the site itself is away. Any verb is taken. */
export async function answerRest(moodle: Moodle, request: DoubleRequest): Promise<DoubleReply> {
  if (moodle.switches.maintenance === 'cli') return htmlReply('Maintenance', '<h1>Moodle under maintenance</h1>', 503);
  const { wstoken, wsfunction, moodlewsrestformat, ...parameters } = readParameters(request);
  const isJson = moodlewsrestformat === 'json';
  try {
    if (!moodle.switches.database) throw new Refusal('dbconnectionfailed');
    if (!moodle.switches.webServices) return { status: 403, headers: {}, body: '' };
    return reply(await call(moodle, textOf(wstoken), textOf(wsfunction), parameters), isJson);
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof PasswordRefusal)) throw error;
    const body = errorBody(moodle, error);
    return isJson ? reply(body, true) : exceptionInXml(body);
  }
}

function call(moodle: Moodle, token: string, name: string, parameters: Params): unknown {
  signIn(moodle, token);
  const work = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!work) throw new Refusal('invalidrecord', { label: 'external_functions' });
  if (!moodle.functions.has(name)) throw new Refusal('accessexception');
  return work(moodle, parameters);
}

function signIn(moodle: Moodle, token: string): void {
  if (token !== moodle.token || moodle.tokenIsDeleted) throw new Refusal('invalidtoken');
  const { token: state, maintenance, serviceAccount } = moodle.switches;
  if (state === 'expired') {
    moodle.tokenIsDeleted = true;
    throw new Refusal('accessexception', { debug: 'Invalid token - token expired' });
  }
  if (maintenance === 'admin') throw new Refusal('sitemaintenance');
  if (serviceAccount === 'suspended') throw new Refusal('wsaccessusersuspended', { label: 'shopws' });
  if (!moodle.capabilities.has('webservice/rest:use')) throw new Refusal('accessexception');
  if (serviceAccount === 'mustChangePassword') throw new Refusal('forcepasswordchangenotice');
  if (serviceAccount === 'mustAgreePolicy') throw new Refusal('sitepolicynotagreed');
}

/** Slashes are escaped, as PHP does by default. Without the format parameter Moodle answers XML, here in outline only. */
function reply(value: unknown, isJson: boolean): DoubleReply {
  const json = JSON.stringify(value).replaceAll('/', '\\/');
  const headers = { 'content-type': isJson ? 'application/json' : 'application/xml', 'access-control-allow-origin': '*' };
  return { status: 200, headers, body: isJson ? json : `<?xml version="1.0" encoding="UTF-8" ?>\n<RESPONSE></RESPONSE>` };
}

function exceptionInXml({ exception, errorcode, message }: ReturnType<typeof errorBody>): DoubleReply {
  const inside = `<ERRORCODE>${escapeText(errorcode)}</ERRORCODE>\n<MESSAGE>${escapeText(message)}</MESSAGE>`;
  const body = `<?xml version="1.0" encoding="UTF-8" ?>\n<EXCEPTION class="${exception}">\n${inside}\n</EXCEPTION>\n`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
