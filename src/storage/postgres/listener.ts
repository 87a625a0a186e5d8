import type { Client } from 'pg';

export interface ListenerOptions {
  readonly connect: () => Client;
  readonly channel: string;
  /** What we send ourselves carries this and is not listened to. */
  readonly ownName: string;
  /** Another process may have left work. */
  readonly heard: () => void;
  /** @default 500 */
  readonly firstDelayMs?: number;
}

const longestDelayMs = 30_000;

/**
 * Hears hints of other processes on a connection of its own. It comes back when it is lost, however often; nothing depends on
 * it, since whoever listens also looks by himself.
 */
export class Listener {
  readonly #options: ListenerOptions;
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #isStopped = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
    void this.#connect();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await end(this.#client);
  }

  async #connect(): Promise<void> {
    const { connect, channel, ownName, heard } = this.#options;
    const client = connect();
    const isFirst = this.#client === undefined;
    this.#client = client;
    client.on('error', () => this.#lost(client));
    client.on('end', () => this.#lost(client));
    client.on('notification', ({ payload }) => {
      if (payload !== ownName) heard();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
    } catch {
      this.#lost(client);
      return;
    }
    (client as Client & { unref(): void }).unref();
    this.#failures = 0;
    if (!isFirst) heard(); // what was said meanwhile was missed
  }

  #lost(client: Client): void {
    if (this.#isStopped || client !== this.#client || this.#timer) return;
    void end(client);
    const delayMs = Math.min(longestDelayMs, (this.#options.firstDelayMs ?? 500) * 2 ** this.#failures);
    this.#failures += 1;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        void this.#connect();
      },
      delayMs * (0.75 + Math.random() / 2),
    ).unref();
  }
}

async function end(client: Client | undefined): Promise<void> {
  await client?.end().catch(() => undefined);
}
