import type { Configuration } from '../config/configuration.ts';
import { HandoverError } from '../contract/errors.ts';
import type { Logger } from '../contract/log.ts';
import type { OpenGateway, SweepCount } from '../flow.ts';
import type { Store } from '../storage/store.ts';

export interface SweeperParts {
  readonly store: Pick<Store, 'takeTurn'>;
  configuration(): Configuration;
  gateway(name: string): OpenGateway | undefined;
  sweep(gateway: OpenGateway, since: Date): Promise<SweepCount>;
  readonly now: () => Date;
  readonly log: Logger;
}

const [hourMs, lookMs] = [60 * 60 * 1000, 60 * 1000];

/** Compares with the gateways' own lists when it is time. Every process looks once a minute; the store gives one of them the turn. */
export function startSweeper(parts: SweeperParts, everyMs = lookMs): { close(): void } {
  let isBusy = false;

  async function look(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    try {
      for (const { name, sweep } of parts.configuration().gateways.values()) {
        const gateway = sweep && parts.gateway(name);
        if (gateway && (await parts.store.takeTurn(`sweep/${name}`, sweep.everyHours * hourMs))) {
          await run(gateway, new Date(parts.now().getTime() - sweep.sinceHours * hourMs));
        }
      }
    } catch (error) {
      parts.log.warn({ error: messageOf(error) }, 'It could not be seen whether a comparison with a gateway is due.');
    } finally {
      isBusy = false;
    }
  }

  async function run(gateway: OpenGateway, since: Date): Promise<void> {
    const about = { gateway: gateway.name, since: since.toISOString() };
    try {
      const { unlisted, ...count } = await parts.sweep(gateway, since);
      const told = { ...about, ...count, unlisted: unlisted.length };
      if (count.fetched > 0) parts.log.warn(told, 'Callbacks that never arrived were fetched from the gateway.');
      else parts.log.info(told, 'What was kept agrees with the list of the gateway.');
    } catch (error) {
      const code = error instanceof HandoverError ? error.code : 'SWEEP_FAILED';
      parts.log.error(
        { ...about, code, error: messageOf(error) },
        'The list of a gateway could not be compared; the next turn tries again.',
      );
    }
  }

  const timer = setInterval(() => void look(), everyMs).unref();
  void look();
  return { close: () => clearInterval(timer) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
