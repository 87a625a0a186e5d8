import { delimiter, join } from 'node:path';
import type { Input } from './command.ts';

/** Which shop a command is about. */
export interface Place {
  /** The folder with handover.json. */
  readonly config: string;
  readonly store: string;
  /** Modules with gateways and connectors of the site's own. */
  readonly modules: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

export function readPlace(input: Pick<Input, 'value' | 'values'>, env: Environment = process.env): Place {
  const config = input.value('config') ?? nonEmpty(env['HANDOVER_SHOP']) ?? 'shop';
  const modules = input.values('with');
  return {
    config,
    store: input.value('store') ?? nonEmpty(env['HANDOVER_STORE']) ?? join(config, 'handover.db'),
    modules: modules.length > 0 ? modules : (env['HANDOVER_WITH'] ?? '').split(delimiter).filter((path) => path !== ''),
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
