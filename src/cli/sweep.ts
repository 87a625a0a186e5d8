import { HandoverError } from '../contract/errors.ts';
import type { App } from '../app.ts';
import { jsonOption, type Command } from './command.ts';
import { withApp } from './open-shop.ts';
import { readPlace } from './place.ts';
import { oneLine, table } from './table.ts';
import { UsageError } from './usage-error.ts';

interface Swept {
  readonly gateway: string;
  readonly listed: number;
  readonly known: number;
  readonly fetched: number;
  readonly compared: number;
  readonly unlisted: readonly string[];
  readonly error?: string;
}

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Compares our books with the gateways' own. */
export const sweep: Command = {
  name: 'sweep',
  summary: "Compares what was kept with the gateways' own lists, and fetches what never arrived",
  details: [
    'What the gateway lists and we have not is kept and carried out like any callback; what we have already costs nothing. What we\nhave and the gateway does not list is counted and named with --json: late news about older payments is often among it.',
    'The same happens by itself where a gateway has "sweep" in handover.json.',
  ],
  operands: [],
  options: {
    since: { value: 'TIME', summary: 'How far back: 90m, 12h, 3d or 2w. Default: 3d' },
    gateway: { value: 'NAME', summary: 'Only this one. Default: all that have a list' },
    json: jsonOption,
  },
  examples: ['npx handover sweep --since 3d', 'npx handover sweep --gateway stripe --json'],

  async run(input, terminal) {
    const sinceMs = readSince(input.value('since') ?? '3d');
    const name = input.value('gateway');
    const since = new Date(Date.now() - sinceMs);
    const results = await withApp(readPlace(input), (app) => sweepAll(app, name, since));
    if (input.has('json')) terminal.printJson({ since: since.toISOString(), gateways: results });
    else if (results.length === 0) terminal.print('No gateway of this shop has a list to compare with.');
    else terminal.print(describe(results).join('\n'));
    return results.some(({ error }) => error !== undefined) ? 1 : 0;
  },
};

async function sweepAll(app: App, name: string | undefined, since: Date): Promise<Swept[]> {
  const names = name === undefined ? [...app.configuration().gateways.keys()] : [name];
  const open = names.flatMap((each) => app.gateway(each) ?? []).filter((each) => 'sweep' in each.gateway);
  if (name !== undefined && open.length === 0) {
    throw new HandoverError(
      'SWEEP_IMPOSSIBLE',
      `The gateway "${name}" has no list to compare with, or is not in handover.json.`,
      {
        hint: 'Without --gateway all that have one are compared.',
      },
    );
  }
  const results: Swept[] = [];
  for (const gateway of open) {
    try {
      results.push({ gateway: gateway.name, ...(await app.sweep(gateway, since)) });
    } catch (error) {
      const message = oneLine(error instanceof Error ? error.message : 'unknown');
      results.push({ gateway: gateway.name, listed: 0, known: 0, fetched: 0, compared: 0, unlisted: [], error: message });
    }
  }
  return results;
}

function describe(results: readonly Swept[]): string[] {
  const rows = results.map(({ gateway, listed, known, fetched, compared, unlisted, error }) =>
    error === undefined
      ? [
          gateway,
          String(listed),
          String(known),
          String(fetched),
          String(unlisted.length),
          fetched > 0 ? 'fetched ones are carried out now' : compared > 0 ? `${compared} payments are compared now` : '',
        ]
      : [gateway, '', '', '', '', `failed: ${error}`],
  );
  return table(rows, { heading: ['gateway', 'it lists', 'known here', 'fetched', 'only here', 'remark'] });
}

function readSince(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,4})([mhdw])$/.exec(text.trim()) ?? [];
  const ms = Number(count) * (unitsMs[unit] ?? 0);
  if (ms > 0 && ms <= 366 * 86_400_000) return ms;
  throw new UsageError('OPTION_VALUE', `--since takes a time such as 12h, 3d or 2w, not "${text}".`);
}
