import { jsonReply, type DoubleReply, type DoubleRequest } from '../../double-server.ts';
import { ApiError } from './errors.ts';

/** Access tokens of the one app the double knows. */
export interface Tokens {
  /** Answers `POST /v1/oauth2/token`. */
  give(request: DoubleRequest): DoubleReply;
  /** Refuses a call without a token that is still good. */
  demand(request: DoubleRequest): void;
  /** All tokens are void at once, as after a change at PayPal. */
  revokeAll(): void;
}

export function createTokens(app: { clientId: string; clientSecret: string; tokenSeconds: number; now: () => Date }): Tokens {
  let good = new Map<string, number>();
  let count = 0;
  return {
    give(request) {
      const wanted = `Basic ${Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64')}`;
      if (request.headers.authorization !== wanted) {
        return jsonReply({ error: 'invalid_client', error_description: 'Client Authentication failed' }, 401);
      }
      if (request.form['grant_type'] !== 'client_credentials') {
        return jsonReply({ error: 'unsupported_grant_type', error_description: 'Grant Type is NULL' }, 400);
      }
      count += 1;
      const token = `A21AAdouble${count}-${Math.random().toString(36).slice(2)}`;
      good.set(token, app.now().getTime() + app.tokenSeconds * 1000);
      return jsonReply({
        scope: '',
        access_token: token,
        token_type: 'Bearer',
        app_id: 'APP-DOUBLE',
        expires_in: app.tokenSeconds,
      });
    },
    demand({ headers }) {
      const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
      const until = good.get(token);
      if (until === undefined || until <= app.now().getTime()) throw new ApiError(401, 'AUTHENTICATION_FAILURE');
    },
    revokeAll: () => void (good = new Map()),
  };
}
