import type { StepError } from './errors.ts';

export interface Token {
  readonly text: string;
  /** From then on a fresh one is asked for, in milliseconds since 1970. */
  readonly until: number;
}

export interface TokenRequest {
  /** Not to be bound to one step's signal, since others wait for it too. */
  readonly ask: () => Promise<Token>;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
}

/** One token per owner (a connector's options) and process, however many steps run. */
export interface Tokens {
  /** The token in hand while it is good, else a fresh one. Who asks at the same time waits for one request. */
  take(owner: object, request: TokenRequest): Promise<string>;
  /** The other side no longer takes this token. One that was renewed meanwhile stays. */
  drop(owner: object, text: string): Promise<void>;
}

/** `late` is thrown to a step whose time is over before its token came. */
export function createTokens(late: () => StepError): Tokens {
  const tokens = new WeakMap<object, Promise<Token>>();

  async function take(owner: object, request: TokenRequest): Promise<string> {
    const held = tokens.get(owner);
    const token = held && (await unlessAborted(held, late, request.signal));
    if (token && token.until > request.now().getTime()) return token.text;
    if (tokens.get(owner) === held) {
      const fresh = request.ask();
      tokens.set(owner, fresh);
      fresh.catch(() => tokens.delete(owner));
    }
    return take(owner, request);
  }

  return {
    take,
    async drop(owner, text) {
      const held = tokens.get(owner);
      const token = await held?.catch(() => undefined);
      if (token?.text === text && tokens.get(owner) === held) tokens.delete(owner);
    },
  };
}

/** How long to keep a token: let go a little before its end, so that it does not end on the way. In milliseconds. */
export function tokenLife(expiresIn: unknown, { marginMs, usualMs }: { marginMs: number; usualMs: number }): number {
  const lifeMs = Number(expiresIn) > 0 ? Number(expiresIn) * 1000 : usualMs;
  return Math.max(lifeMs - marginMs, lifeMs / 2);
}

async function unlessAborted<T>(work: Promise<T>, late: () => StepError, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(late());
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
