/**
 * A JSON Schema (draft-07) as plain data. Two keywords of ours: `"secret": true` on a string option means the file must
 * name it by `{ "env": … }` or `{ "file": … }`; `"setting": true` allows `{ "env": …, "default": … }` beside the plain value.
 */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly [keyword: string]: unknown;
}
