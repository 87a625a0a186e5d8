/** How long a token is used. Axis ends it after 60 minutes; the `expires` it names has no time zone, so it is not believed. */
const lifeMs = 55 * 60 * 1000;

interface Shelf {
  token?: { readonly value: string; readonly untilMs: number };
  pending?: Promise<string> | undefined;
}

/** One token per account, shared by all that goes on in this process. */
const shelves = new WeakMap<object, Shelf>();

export interface Tokens {
  current(): Promise<string>;
  /** After `refused` was refused: the token another call has got meanwhile, or a new one. */
  renewed(refused: string): Promise<string>;
}

/** `request` asks for a token; calls that need one at the same time share one request. `account` is the options object. */
export function tokensFor(account: object, now: () => Date, request: () => Promise<string>): Tokens {
  const shelf = shelves.get(account) ?? {};
  shelves.set(account, shelf);

  function fetchOnce(): Promise<string> {
    shelf.pending ??= request()
      .then((value) => {
        shelf.token = { value, untilMs: now().getTime() + lifeMs };
        return value;
      })
      .finally(() => (shelf.pending = undefined));
    return shelf.pending;
  }
  const usable = () => (shelf.token && now().getTime() < shelf.token.untilMs ? shelf.token.value : undefined);

  return {
    current: async () => usable() ?? fetchOnce(),
    async renewed(refused) {
      if (shelf.token?.value === refused) delete shelf.token;
      return usable() ?? fetchOnce();
    },
  };
}
