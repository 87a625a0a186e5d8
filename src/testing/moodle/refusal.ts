import type { MoodleSwitches } from './switches.ts';

/** What a message or `debuginfo` tells beyond the code. */
export interface RefusalDetails {
  /** Stands in the message. */
  readonly label?: string;
  /** Shown with developer debugging only. */
  readonly debug?: string;
}

/** A failed call: HTTP 200 with `exception` and `errorcode`. */
export class Refusal extends Error {
  readonly errorcode: string;
  readonly details: RefusalDetails;

  constructor(errorcode: keyof typeof kinds, details: RefusalDetails = {}) {
    super(errorcode);
    this.errorcode = errorcode;
    this.details = details;
  }
}

/** Moodle puts the policy's words where the code belongs. */
export class PasswordRefusal extends Error {}

const E = 'core\\exception\\';
const policy = '<div>Passwords must be at least 8 characters long.</div><div>Passwords must have at least 1 digit(s).</div>';

/** The class of each error, whether 4.5 has a namespace before it, and its words in two languages. */
const kinds = {
  invalidparameter: ['invalid_parameter_exception', true, 'Invalid parameter value detected', 'Ungültiger Parameterwert'],
  invalidtoken: ['moodle_exception', true, 'Invalid token - token not found', 'Ungültiges Token - Token nicht gefunden'],
  accessexception: ['webservice_access_exception', false, 'Access control exception', 'Zugriffskontrollausnahme'],
  nopermissions: [
    'required_capability_exception',
    true,
    'Sorry, but you do not currently have permissions to do that ({}).',
    'Sie haben derzeit keine Rechte für diese Aktion ({}).',
  ],
  invalidrecord: [
    'dml_missing_record_exception',
    false,
    "Can't find data record in database table {}.",
    'Der Datensatz wurde in der Tabelle {} nicht gefunden.',
  ],
  requireloginerror: [
    'require_login_exception',
    true,
    'Course or activity not accessible.',
    'Kurs oder Aktivität nicht zugänglich.',
  ],
  errorcoursecontextnotvalid: [
    'moodle_exception',
    true,
    'You cannot execute functions in the course context (course id:{}).',
    'Funktionen im Kurskontext (Kurs-ID:{}) nicht möglich.',
  ],
  wsusercannotassign: [
    'moodle_exception',
    true,
    "You don't have the permission to assign this role {}.",
    'Sie haben kein Recht, diese Rolle zuzuweisen {}.',
  ],
  wsnoinstance: [
    'moodle_exception',
    true,
    "Manual enrolment plugin instance doesn't exist or is disabled for the course (id = {})",
    'Die manuelle Einschreibung ist im Kurs {} nicht vorhanden',
  ],
  codingerror: [
    'coding_exception',
    false,
    'Coding error detected, it must be fixed by a programmer: {}',
    'Programmierfehler, der behoben werden muss: {}',
  ],
  invaliduser: ['dml_missing_record_exception', false, 'Invalid user', 'Ungültiger Nutzer'],
  userdeleted: ['moodle_exception', true, 'error/userdeleted', 'error/userdeleted'],
  usernotconfirmed: ['moodle_exception', true, 'User {} is not confirmed', 'Der Nutzer {} ist nicht bestätigt'],
  guestsarenotallowed: ['moodle_exception', true, 'error/guestsarenotallowed', 'error/guestsarenotallowed'],
  dmlwriteexception: ['dml_write_exception', false, 'Error writing to database', 'Fehler beim Schreiben in die Datenbank'],
  dbconnectionfailed: [
    'dml_connection_exception',
    false,
    '<p>Error: Database connection failed</p>\n<p>It is possible that the database is overloaded.</p>',
    '<p>Fehler: Keine Verbindung zur Datenbank</p>',
  ],
  sitemaintenance: [
    'moodle_exception',
    true,
    'The site is undergoing maintenance and is currently not available',
    'Die Website wird gerade gewartet',
  ],
  wsaccessusersuspended: [
    'moodle_exception',
    true,
    'Refused web service access for suspended username: {}',
    'Webservice-Zugriff für den gesperrten Nutzer {} abgelehnt',
  ],
  forcepasswordchangenotice: [
    'moodle_exception',
    true,
    'You must change your password to proceed.',
    'Sie müssen Ihr Kennwort ändern.',
  ],
  sitepolicynotagreed: ['moodle_exception', true, 'Site policy not agreed', 'Die Richtlinien sind nicht akzeptiert'],
} as const satisfies Record<string, readonly [exception: string, hasNamespace: boolean, en: string, de: string]>;

export interface ErrorBody {
  readonly exception: string;
  readonly errorcode: string;
  readonly message: string;
  readonly debuginfo?: string;
}

/** The body that tells of a refusal, as the version words it. */
export function errorBody(
  { version, switches }: { readonly version: '4.3' | '4.5'; readonly switches: MoodleSwitches },
  error: Refusal | PasswordRefusal,
): ErrorBody {
  const namespace = version === '4.5' ? E : '';
  if (!(error instanceof Refusal))
    return { exception: `${namespace}moodle_exception`, errorcode: policy, message: `error/${policy}` };
  const [exception, hasNamespace, en, de] = kinds[error.errorcode as keyof typeof kinds];
  const { label = '', debug } = error.details;
  return {
    exception: `${hasNamespace ? namespace : ''}${exception}`,
    errorcode: error.errorcode,
    message: (switches.language === 'de' ? de : en).replace('{}', label),
    ...(switches.developerDebugging && debug !== undefined && { debuginfo: debug }),
  };
}
