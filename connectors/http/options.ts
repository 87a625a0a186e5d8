import type { Repeats } from 'handover/contract';
import type { AuthSettings } from './auth-settings.ts';

/** An account in handover.json. */
export interface HttpOptions {
  readonly baseUrl: string;
  /** Host names and addresses inside our own network that may be called. */
  readonly allowPrivate?: readonly string[];
  readonly auth?: AuthSettings;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Named `{{secret.<name>}}` in requests. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Keeps cookies from one request of an attempt to the next. @default false */
  readonly cookies?: boolean;
  /** Of forms, and of answers that name none. @default utf-8 */
  readonly charset?: Charset;
  /** Where a refusal says why, for staff: a JSON pointer. */
  readonly reasonAt?: string;
  /** @default 10 */
  readonly timeoutSeconds?: number;
  readonly preset?: 'mailchimp' | 'brevo' | 'mailerlite';
  readonly actions?: Readonly<Record<string, ActionSettings>>;
}

export type Charset = 'utf-8' | 'iso-8859-1' | 'windows-1252';

/** One action, as the owner describes it. */
export interface ActionSettings {
  readonly summary?: string;
  /** What products may say in `with`. Left out: each `{{with.<name>}}` is a text that must be given. */
  readonly input?: Readonly<Record<string, string | InputSettings>>;
  /** @default perUnit */
  readonly units?: 'perUnit' | 'perLine';
  /** What is given, apart from who gets it. */
  readonly resource?: string;
  /** @default blind */
  readonly repeats?: Repeats;
  readonly output?: Readonly<Record<string, string | OutputSettings>>;
  readonly grant: Requests;
  readonly find?: Requests;
  readonly revoke?: Requests;
  readonly suspend?: Requests;
  readonly resume?: Requests;
  readonly renew?: Requests;
  readonly link?: LinkSettings;
}

export interface InputSettings {
  readonly description?: string;
  /** @default string */
  readonly type?: 'string' | 'integer' | 'number' | 'boolean';
  /** @default true, unless it has a default */
  readonly required?: boolean;
  readonly default?: string | number | boolean;
  readonly enum?: readonly (string | number)[];
}

export interface OutputSettings {
  readonly value?: string;
  readonly description?: string;
  readonly secret?: boolean;
  readonly link?: boolean;
}

export interface LinkSettings {
  readonly requests?: Requests;
  readonly url: string;
}

export type Requests = RequestSettings | readonly RequestSettings[];

export type Plain = string | number | boolean;

/** One request of a sequence. */
export interface RequestSettings {
  /** @default GET, with a body POST */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** Below `baseUrl`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, Plain>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, Plain>>;
  /** @default false */
  readonly multipart?: boolean;
  readonly text?: string;
  /** Of `text`. @default text/plain */
  readonly contentType?: string;
  readonly expect?: AnswerSign;
  readonly alreadyDone?: readonly (number | AnswerSign)[];
  readonly nothingThere?: readonly (number | AnswerSign)[];
  readonly temporary?: readonly (number | AnswerSign)[];
  readonly permanent?: readonly (number | AnswerSign)[];
  readonly keep?: Readonly<Record<string, string | KeepSettings>>;
  /** Sent only when this value was kept before. */
  readonly if?: string;
  /** Sent only when this value was not kept before. */
  readonly unless?: string;
  /** Sending it again changes nothing. @default true for GET and HEAD */
  readonly safe?: boolean;
}

/** What an answer looks like. All that is named has to hold. */
export interface AnswerSign {
  readonly status?: readonly number[];
  /** JSON pointer to what stands there. */
  readonly json?: Readonly<Record<string, Wanted>>;
  /** Texts that stand in the answer. */
  readonly contains?: readonly string[];
  /** Texts that do not. */
  readonly lacks?: readonly string[];
  /** A regular expression that the address of a redirect fits. */
  readonly location?: string;
}

/** A value, one of several, or whether there is one. */
export type Wanted = Plain | null | readonly Plain[] | { readonly exists?: boolean; readonly empty?: boolean };

/** Where a value for later requests stands. */
export interface KeepSettings {
  /** JSON pointer; with `in`, inside the entry. */
  readonly at?: string;
  /** JSON pointer of a list, of which the one entry is taken that fits `where`. */
  readonly in?: string;
  /** JSON pointer inside the entry to the text that has to stand there, in whatever case. */
  readonly where?: Readonly<Record<string, string>>;
  /** A header of the answer instead of its body. */
  readonly header?: string;
  /** A regular expression over header or body; its first group is kept. */
  readonly pattern?: string;
  /** @default false */
  readonly optional?: boolean;
}

export type Phase = 'grant' | 'find' | 'revoke' | 'suspend' | 'resume' | 'renew' | 'link';

/** The requests of a phase as a list. */
export function listOf(requests: Requests | undefined): readonly RequestSettings[] {
  if (requests === undefined) return [];
  return isList(requests) ? requests : [requests];
}

export function isList(requests: Requests): requests is readonly RequestSettings[] {
  return Array.isArray(requests);
}

export function methodOf({ method, json, form, text }: RequestSettings): NonNullable<RequestSettings['method']> {
  return method ?? (json === undefined && form === undefined && text === undefined ? 'GET' : 'POST');
}

export function isSafe(request: RequestSettings): boolean {
  return request.safe ?? ['GET', 'HEAD'].includes(methodOf(request));
}
