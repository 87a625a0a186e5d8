/** How we prove who we are. */
export type AuthSettings =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | HeaderAuth
  | OAuthSettings
  | JwtSettings;

export interface HeaderAuth {
  readonly kind: 'header';
  readonly name: string;
  readonly value: string;
  /** Stands before the value, e.g. `Api-Key `. */
  readonly prefix?: string;
}

/** OAuth 2 client credentials (RFC 6749, 4.4). */
export interface OAuthSettings {
  readonly kind: 'oauth';
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
  /** How id and secret are sent to `tokenUrl`. @default basic */
  readonly sendClient?: 'basic' | 'form';
  /** Further fields of the token request, e.g. `audience`. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** A token we sign ourselves, fresh for each request. */
export interface JwtSettings {
  readonly kind: 'jwt';
  /** @default HS256 */
  readonly algorithm?: 'HS256' | 'RS256';
  /** HS256: the secret. RS256: the private key as PEM. */
  readonly key: string;
  readonly keyId?: string;
  /** Texts may hold placeholders. `iat` and `exp` are added. */
  readonly claims?: Readonly<Record<string, string | number | boolean>>;
  /** @default 60 */
  readonly lifeSeconds?: number;
  /** @default Authorization */
  readonly name?: string;
  /** @default "Bearer " with Authorization, else nothing */
  readonly prefix?: string;
}

/** What each kind takes, and what it needs. */
export const authFields: Readonly<
  Record<AuthSettings['kind'], { readonly needs: readonly string[]; readonly takes: readonly string[] }>
> = {
  none: { needs: [], takes: [] },
  bearer: { needs: ['token'], takes: [] },
  basic: { needs: ['user', 'password'], takes: [] },
  header: { needs: ['name', 'value'], takes: ['prefix'] },
  oauth: { needs: ['tokenUrl', 'clientId', 'clientSecret'], takes: ['scope', 'sendClient', 'fields'] },
  jwt: { needs: ['key'], takes: ['algorithm', 'keyId', 'claims', 'lifeSeconds', 'name', 'prefix'] },
};
