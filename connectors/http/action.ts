import { defineAction, giveUp } from 'handover/contract';
import type { Action, ActionOutput, JsonSchema } from 'handover/contract';
import { fillText, fillValue, namesIn, textsIn } from './fill.ts';
import type { Values } from './names.ts';
import type { ActionSettings, HttpOptions, InputSettings, OutputSettings, Phase, Plain } from './options.ts';
import { listOf } from './options.ts';
import { runRequests, valuesIn } from './run-requests.ts';
import type { Context } from './send.ts';

type Input = Readonly<Record<string, unknown>>;
type Kept = Readonly<Record<string, Plain>>;
type Result = Record<string, unknown>;

/** Sealed, since it may hold passwords. */
const keptOutput: ActionOutput = { description: 'What later requests need.', secret: true, internal: true };

/** An action as the owner described it. Only made of settings that nothing is wrong with. */
export function actionFrom(name: string, settings: ActionSettings): Action<Input, Result, HttpOptions> {
  const { repeats = 'blind', units, resource, find, link } = settings;

  async function give(phase: 'grant' | 'renew', before: Kept, input: Input, ctx: Context): Promise<Result> {
    const { kept, end } = await runRequests(phase, settings[phase], before, input, ctx);
    const there = end === 'alreadyDone' && find ? await look(input, ctx) : undefined;
    return there ?? resultOf(settings, kept, input, ctx);
  }

  async function look(input: Input, ctx: Context): Promise<Result | undefined> {
    const { kept, end } = await runRequests('find', find, {}, input, ctx);
    return end === 'nothing' ? undefined : resultOf(settings, kept, input, ctx);
  }

  const undo = (phase: 'revoke' | 'suspend' | 'resume') => async (result: Result, input: Input, ctx: Context) => {
    await runRequests(phase, settings[phase], keptIn(result), input, ctx);
  };

  return defineAction<Input, Result, HttpOptions>({
    summary: settings.summary ?? `Call "${name}" of an HTTP interface`,
    repeats,
    input: inputSchema(settings),
    output: { ...outputsOf(settings), kept: keptOutput },
    ...(units && { units }),
    ...(resource !== undefined && { resource: (input: Input) => fillText(resource, (word) => fromInput(input, word)) }),
    grant: (input, ctx) => give('grant', {}, input, ctx),
    ...(find && { find: look }),
    ...(settings.revoke && { revoke: undo('revoke') }),
    ...(settings.suspend && { suspend: undo('suspend') }),
    ...(settings.resume && { resume: undo('resume') }),
    ...(settings.renew && { renew: (result, input, ctx) => give('renew', keptIn(result), input, ctx) }),
    ...(link && {
      async link(result: Result, input: Input, ctx: Context) {
        const { kept } = await runRequests('link', link.requests, keptIn(result), input, ctx);
        return linkFrom(link.url, valuesIn(ctx, input, kept));
      },
    }),
  });
}

function resultOf(settings: ActionSettings, kept: Kept, input: Input, ctx: Context): Result {
  const { output = {} } = settings;
  const values = valuesIn(ctx, input, kept);
  const given = Object.entries(output).flatMap(([name, settings]): [string, unknown][] => {
    const template = typeof settings === 'string' ? settings : settings.value;
    const value = template === undefined ? undefined : fillValue(template, values);
    return value === undefined ? [] : [[name, isSecret(settings) ? String(value) : value]];
  });
  const needed = neededLater(settings);
  return {
    ...Object.fromEntries(given),
    kept: JSON.stringify(Object.fromEntries(Object.entries(kept).filter(([name]) => needed.has(name)))),
  };
}

/** What later phases use of the grant's answers, before they keep it themselves. */
function neededLater(settings: ActionSettings): Set<string> {
  const needed = new Set<string>();
  for (const [phase, requests] of phasesOf(settings)) {
    const own = new Set<string>();
    if (phase === 'grant' || phase === 'find') continue;
    for (const request of listOf(requests)) {
      for (const name of keptNamesIn(request)) if (!own.has(name)) needed.add(name);
      for (const name of Object.keys(request.keep ?? {})) own.add(name);
    }
    if (phase === 'renew') for (const name of keptNamesIn(settings.output ?? {})) needed.add(name);
  }
  for (const name of keptNamesIn(settings.link?.url ?? '')) needed.add(name);
  return needed;
}

function keptNamesIn(part: unknown): string[] {
  const { if: when, unless } = (typeof part === 'object' ? part : {}) as { readonly if?: string; readonly unless?: string };
  const used = textsIn(part)
    .flatMap(({ text }) => namesIn(text))
    .filter((name) => name.startsWith('kept.'));
  return [...used.map((name) => name.slice('kept.'.length)), ...[when, unless].filter((name) => name !== undefined)];
}

function isSecret(settings: string | OutputSettings): boolean {
  return typeof settings === 'object' && settings.secret === true;
}

function keptIn({ kept }: Result): Kept {
  return typeof kept === 'string' ? (JSON.parse(kept) as Kept) : {};
}

function outputsOf({ output = {} }: ActionSettings): Record<string, ActionOutput> {
  return Object.fromEntries(
    Object.entries(output).map(([name, settings]) => {
      const { description = name, secret, link }: OutputSettings = typeof settings === 'string' ? {} : settings;
      return [name, { description, ...(secret === true && { secret }), ...(link === true && { link }) }];
    }),
  );
}

/** An address that begins with a kept value is the other side's own; else values are encoded into ours. */
function linkFrom(template: string, values: Values): string {
  const address =
    namesIn(template).length > 0 && template.startsWith('{{')
      ? fillText(template, values)
      : fillText(template, values, encodeURIComponent);
  if (/^https?:\/\//i.test(address) && URL.canParse(address)) return address;
  throw giveUp('HTTP_LINK_UNUSABLE', 'The sign-in link came out as no web address.', {
    hint: 'Look at "link.url" and at what its requests keep, in handover.json.',
  });
}

function fromInput(input: Input, name: string): Plain | undefined {
  const value = name.startsWith('with.') ? input[name.slice('with.'.length)] : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

/** `with`, as declared; undeclared, what the requests name. */
export function inputSchema(settings: ActionSettings): JsonSchema {
  const inputs = settings.input ?? Object.fromEntries(inputsUsed(settings).map((name) => [name, {}]));
  const entries = Object.entries(inputs).map(([name, given]): [string, InputSettings] => [
    name,
    typeof given === 'string' ? { description: given } : given,
  ]);
  return {
    type: 'object',
    additionalProperties: false,
    required: entries.filter(([, one]) => one.required ?? one.default === undefined).map(([name]) => name),
    properties: Object.fromEntries(entries.map(([name, one]) => [name, propertyOf(name, one)])),
  };
}

function propertyOf(name: string, { type = 'string', description, default: initial, enum: choice }: InputSettings): JsonSchema {
  return {
    type,
    description: description ?? `For {{with.${name}}}.`,
    ...(type === 'string' && !choice && { minLength: 1 }),
    ...(initial !== undefined && { default: initial }),
    ...(choice && { enum: choice }),
  };
}

/** Each `with.<name>` that the action uses anywhere. */
export function inputsUsed(settings: ActionSettings): string[] {
  const names = textsIn({ ...settings, input: undefined }).flatMap(({ text }) => namesIn(text));
  return [...new Set(names.filter((name) => name.startsWith('with.')).map((name) => name.slice('with.'.length)))];
}

/** The phases an action describes. */
export function phasesOf(settings: ActionSettings): [Phase, ActionSettings['grant']][] {
  const phases: readonly Phase[] = ['grant', 'find', 'revoke', 'suspend', 'resume', 'renew'];
  const own = phases.flatMap((phase): [Phase, ActionSettings['grant']][] => {
    const requests = phase === 'link' ? undefined : settings[phase];
    return requests ? [[phase, requests]] : [];
  });
  return settings.link?.requests ? [...own, ['link', settings.link.requests]] : own;
}
