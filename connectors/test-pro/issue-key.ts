import { defineAction, giveUp } from 'handover/contract';
import type { Action, ActionContext } from 'handover/contract';
import { perhapsIssued } from './call.ts';
import { findMachineCode, keyRequest } from './key-request.ts';
import type { IssueKeyInput, KeyRequest } from './key-request.ts';
import { findLicence, revokeLicence } from './keygen-source.ts';
import { isBlind } from './options.ts';
import type { KeygenSettings, SourceSettings, TestProOptions } from './options.ts';
import { callRevokeHook } from './revoke-hook.ts';
import { findSource, issueFrom, poolName, productOf } from './sources.ts';
import type { GenerateKey } from './sources.ts';

/** What a site hands in for sources of the kind `function`. */
export interface OwnSource {
  readonly generate?: GenerateKey;
  /** Told of a refunded key. Must bear being told twice. */
  readonly revoke?: (request: KeyRequest & { readonly key: string }, signal: AbortSignal) => void | Promise<void>;
}

/** Kept with the step. `key` is sealed. */
export type IssuedKey = {
  readonly key: string;
  readonly serial: string;
  readonly seats: number;
  readonly expires?: string;
  readonly source: string;
  /** The step that took the key; a later step that takes it back has another name. */
  readonly holder: string;
};

/**
 * Gives the buyer an activation key. The step key names the key, not the grant: a grant that is taken back and given again
 * gets a new key, since the revoked one must never come back.
 */
export function issueKey({ generate, revoke }: OwnSource): Action<IssueKeyInput, IssuedKey, TestProOptions> {
  return defineAction<IssueKeyInput, IssuedKey, TestProOptions>({
    summary: 'Give the buyer an activation key for a Test Pro Developer package',
    repeats: (options, { source }) => (isBlind(findSource(options, source).settings) ? 'blind' : 'keyed'),
    units: ({ seats }) => (seats === 'oneKeyWithSeats' ? 'perLine' : 'perUnit'),
    keyPool: ({ source }, { sources }) => {
      const known = Object.entries(sources);
      const [name, settings] =
        (source === undefined && known.length === 1 ? known[0] : known.find(([each]) => each === source)) ?? [];
      return name !== undefined && settings?.kind === 'pool' ? poolName(name, settings) : undefined;
    },
    input: {
      type: 'object',
      additionalProperties: false,
      properties: {
        source: {
          type: 'string',
          description: "Which of the account's key sources gives the key. May be left out when there is only one.",
        },
        product: {
          type: 'string',
          minLength: 1,
          maxLength: 100,
          description: "Product code for the key, where the source uses one. Default: the source's product code, then the SKU.",
          examples: ['SAFETY-2'],
        },
        seats: {
          type: 'string',
          enum: ['keyPerUnit', 'oneKeyWithSeats'],
          default: 'keyPerUnit',
          description:
            'What a quantity of 3 means: three keys, or one key that says three seats. Keys from a pool or pattern cannot say a number of seats.',
        },
        validDays: {
          type: 'integer',
          minimum: 1,
          maximum: 36500,
          description:
            'How many days the key is good for, from the payment. Left out: for ever. Only signed keys carry the date themselves.',
        },
        devices: {
          type: 'integer',
          minimum: 1,
          maximum: 1000,
          description:
            'On how many machines at a time the key can be activated, for each seat. Left out: no machine is activated; the list of keys that were taken back has it all the same.',
          examples: [2],
        },
        machineCodeField: {
          type: 'string',
          pattern: '^[A-Za-z0-9_-]{1,64}$',
          description:
            "Name of the order's metadata field with the code of the buyer's machine. Unit 2 is read from the name with _2, and so on.",
          examples: ['machine_code'],
        },
      },
    },
    output: {
      key: { description: 'The activation key.', secret: true },
      seats: { description: 'How many seats the key is for.' },
      expires: { description: 'The last day the key is good for, as 2027-05-01. Empty when it does not expire.' },
      serial: { description: 'A number to talk about the key without telling it.' },
    },

    async grant(input, ctx) {
      const { name, settings } = findSource(ctx.options, input.source);
      const request = keyRequest(name, input, ctx, findMachineCode(input, ctx));
      if (settings.kind === 'keygen') await ctx.remember({ issuing: ctx.stepKey });
      const key = await issueFrom(settings, request, ctx, generate);
      const { serial, seats, expires, stepKey } = request;
      await register(key, settings, request, input.devices, ctx);
      return { key, serial, seats, ...(expires !== undefined && { expires }), source: name, holder: stepKey };
    },

    /**
     * Asked when a key is to be taken back that was never recorded. What we make or keep ourselves reached nobody then; a source
     * outside may have made one, and only a person can see whether it did.
     */
    async find(input, ctx) {
      const { name, settings } = findSource(ctx.options, input.source);
      if (settings.kind === 'keygen') return findLicenceOf(settings, keyRequest(name, input, issuingOf(ctx)), ctx);
      if (!isMadeElsewhere(settings)) return undefined;
      throw perhapsIssued(keyRequest(name, input, ctx).serial, `The key source "${name}" never confirmed this key.`);
    },

    async revoke(issued, input, ctx) {
      const { name, settings } = findSource(ctx.options, issued.source);
      const { key, serial, seats, expires, holder } = issued;
      const request = { ...keyRequest(name, input, ctx), key, serial, seats, expires, stepKey: holder };
      await ctx.activations.revoke(key);
      if (settings.kind === 'pool') await ctx.keys.revoke(poolName(name, settings), holder);
      if (settings.kind === 'keygen') await revokeLicence(settings, key, ctx);
      if (settings.kind === 'function') await revoke?.(request, ctx.signal);
      await callRevokeHook(settings, request, ctx);
    },
  });
}

/** From now on software may ask about the key, by the same product code as in a signed key. */
async function register(
  key: string,
  settings: SourceSettings,
  request: KeyRequest,
  devices: number | undefined,
  { activations }: Pick<ActionContext, 'activations'>,
): Promise<void> {
  const { seats, expires, serial } = request;
  const told = await activations.register(key, {
    product: productOf(settings, request),
    ...(devices !== undefined && { devices: devices * seats }),
    ...(expires !== undefined && { expires }),
  });
  if (told === 'registered') return;
  throw giveUp('KEY_TAKEN_BACK_BEFORE', 'The key source gave a key that was taken back before, so software would refuse it.', {
    where: `serial ${serial}`,
    hint: 'Let the source give a new key for each order and each reissue; then retry the step.',
  });
}

/** A source outside of ours may have made a key that reached nobody. */
function isMadeElsewhere({ kind }: SourceSettings): boolean {
  return kind === 'http' || kind === 'function' || kind === 'fastspring';
}

/** The key is computed from the step that was to issue it, and a step that takes it back has another name. */
function issuingOf(ctx: ActionContext<TestProOptions>): ActionContext<TestProOptions> {
  const issuing = ctx.memo?.['issuing'];
  return typeof issuing === 'string' ? { ...ctx, stepKey: issuing } : ctx;
}

/** The licence of a step whose answer was lost, where Keygen has it. */
async function findLicenceOf(settings: KeygenSettings, request: KeyRequest, ctx: ActionContext): Promise<IssuedKey | undefined> {
  const key = await findLicence(settings, request, ctx);
  if (key === undefined) return undefined;
  const { serial, seats, expires, stepKey, source } = request;
  return { key, serial, seats, ...(expires !== undefined && { expires }), source, holder: stepKey };
}
