import { giveUp } from 'handover/contract';
import type { ActionContext } from 'handover/contract';
import jwt from 'jsonwebtoken';
import type { AuthSettings, JwtSettings } from './auth-settings.ts';
import { fillText } from './fill.ts';
import type { Values } from './names.ts';
import type { HttpOptions } from './options.ts';
import { accessToken } from './oauth.ts';

type Context = Pick<ActionContext<HttpOptions>, 'http' | 'options' | 'signal' | 'now'>;

/** The headers that prove who we are. Asks for a token where the account needs one and has none. */
export async function authHeaders(ctx: Context, values: Values): Promise<Record<string, string>> {
  const auth: AuthSettings = ctx.options.auth ?? { kind: 'none' };
  switch (auth.kind) {
    case 'none':
      return {};
    case 'bearer':
      return { Authorization: `Bearer ${auth.token}` };
    case 'basic':
      return { Authorization: `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}` };
    case 'header':
      return { [auth.name]: `${auth.prefix ?? ''}${auth.value}` };
    case 'oauth':
      return { Authorization: `Bearer ${await accessToken(auth, ctx)}` };
    case 'jwt': {
      const { name = 'Authorization', prefix = name.toLowerCase() === 'authorization' ? 'Bearer ' : '' } = auth;
      return { [name]: `${prefix}${signToken(auth, ctx, values)}` };
    }
  }
}

/** A token of our own: our claims, when it was made, and a short life. */
export function signToken(auth: JwtSettings, { now }: Pick<Context, 'now'>, values: Values): string {
  const { algorithm = 'HS256', key, keyId, claims = {}, lifeSeconds = 60 } = auth;
  const iat = Math.floor(now().getTime() / 1000);
  const filled: Record<string, unknown> = Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, typeof value === 'string' ? fillText(value, values) : value]),
  );
  try {
    return jwt.sign({ ...filled, iat, exp: iat + lifeSeconds }, key, {
      algorithm,
      ...(keyId !== undefined && { keyid: keyId }),
    });
  } catch (cause) {
    throw giveUp('HTTP_SIGNING_KEY', `No token can be signed by ${algorithm} with the key that "auth.key" names.`, {
      hint: 'RS256 needs a private RSA key of 2048 bits or more as PEM, HS256 any text; correct it, then retry the step.',
      cause,
    });
  }
}
