import { giveUp, StepError, tryLater } from 'handover/contract';
import type { ActionContext } from 'handover/contract';
import { askAsFastspring } from './fastspring-source.ts';
import { askForKey } from './http-source.ts';
import { createLicence } from './keygen-source.ts';
import type { KeyRequest } from './key-request.ts';
import { isBlind } from './options.ts';
import type {
  FunctionSettings,
  PatternSettings,
  PoolSettings,
  SignedSettings,
  SourceSettings,
  TestProOptions,
} from './options.ts';
import { keyedBytes, makeKey, problemOfShape } from './pattern-key.ts';
import { perhapsIssued } from './call.ts';
import { makeSignedKey } from './signed-key.ts';
import { soldOut } from './sold-out.ts';

/**
 * A site's own generator. Undefined or an empty text means sold out. What it throws is repeated like any failure, or parked
 * where the source is not said to deduplicate by `stepKey`; `tryLater` and `giveUp` decide for themselves.
 */
export type GenerateKey = (request: KeyRequest, signal: AbortSignal) => string | undefined | Promise<string | undefined>;

/** The one source, or the one that is named. */
export function findSource(options: TestProOptions, name: string | undefined): { name: string; settings: SourceSettings } {
  const known = Object.keys(options.sources);
  const [only] = known;
  const chosen = name ?? (known.length === 1 ? only : undefined);
  const settings = chosen !== undefined && Object.hasOwn(options.sources, chosen) ? options.sources[chosen] : undefined;
  if (chosen !== undefined && settings !== undefined) return { name: chosen, settings };
  const what = name === undefined ? 'The product names no key source, and there are several' : `There is no key source "${name}"`;
  throw giveUp('KEY_SOURCE_UNKNOWN', `${what}. Known: ${known.join(', ') || 'none'}.`, {
    hint: 'Correct "with.source" in the product file or "sources" in handover.json, then retry the step.',
  });
}

/** One key from a source. The same request gives the same key, except where the source is blind. */
export async function issueFrom(
  settings: SourceSettings,
  request: KeyRequest,
  ctx: ActionContext,
  generate?: GenerateKey,
): Promise<string> {
  switch (settings.kind) {
    case 'pool':
      return fromPool(settings, request, ctx);
    case 'pattern':
      return fromPattern(settings, request);
    case 'signed':
      return signedBy(settings, request);
    case 'http':
      return askForKey(settings, request, ctx);
    case 'fastspring':
      return askAsFastspring(settings, request, ctx);
    case 'keygen':
      return createLicence(settings, request, ctx);
    case 'function':
      return fromFunction(settings, request, ctx.signal, generate);
  }
}

/** What the software calls itself: the product file's code, else the source's, else the SKU. */
export function productOf(settings: SourceSettings, { product, sku }: Pick<KeyRequest, 'product' | 'sku'>): string {
  return product ?? (settings.kind === 'signed' ? settings.product : undefined) ?? sku;
}

export function poolName(source: string, settings: PoolSettings): string {
  return settings.pool ?? source;
}

/** The pool keeps who holds a key, so asking again for the same step gives the same one. */
async function fromPool(settings: PoolSettings, request: KeyRequest, ctx: ActionContext): Promise<string> {
  const pool = poolName(request.source, settings);
  const key = await ctx.keys.take(pool, request.stepKey);
  if (key === undefined) throw soldOut(`The key pool "${pool}" is empty.`);
  return key;
}

/**
 * The key is computed from the source's secret and the step key, not drawn by lot: every attempt gives the same one, nothing
 * has to be remembered in between (a memo would hold the key in clear), and nobody without the secret can tell it.
 */
function fromPattern(settings: PatternSettings, { source, stepKey }: KeyRequest): string {
  const problem = problemOfPattern(settings);
  if (problem !== undefined) {
    throw giveUp('KEY_PATTERN_WEAK', `Keys of the source "${source}" would be too weak: ${problem}.`, {
      hint: 'Correct the source in handover.json, then retry the step.',
    });
  }
  return makeKey(keyedBytes(settings.secret, `${source}:${stepKey}`), settings);
}

/** Why its keys could be guessed; undefined when they cannot. */
export function problemOfPattern(settings: PatternSettings): string | undefined {
  return settings.secret.length < 16 ? 'its secret has less than 16 characters' : problemOfShape(settings);
}

/** Ed25519 signatures are deterministic and dates come from the plan, so every attempt gives the same key. */
function signedBy(settings: SignedSettings, request: KeyRequest): string {
  const { serial, seats, issued, expires, machineCode } = request;
  const contents = {
    product: productOf(settings, request),
    serial,
    seats,
    issued,
    ...(expires !== undefined && { expires }),
    ...(machineCode !== undefined && { machine: machineCode }),
  };
  try {
    return makeSignedKey(contents, settings.privateKey);
  } catch (cause) {
    const why = cause instanceof TypeError ? cause.message : 'Signing failed.';
    throw giveUp('KEY_PRIVATE_KEY', `The source "${request.source}" cannot sign keys. ${why}`, {
      hint: 'Set "privateKey" to the private part of makeKeyPair(), then retry the step.',
      cause,
    });
  }
}

async function fromFunction(
  settings: FunctionSettings,
  request: KeyRequest,
  signal: AbortSignal,
  generate?: GenerateKey,
): Promise<string> {
  if (generate === undefined) {
    throw giveUp('KEY_GENERATOR_MISSING', `The source "${request.source}" is a function, and the site handed none in.`, {
      hint: "Register createTestPro({ generate }) in the site's code instead of testPro, restart, then retry the step.",
    });
  }
  let key: string | undefined;
  try {
    key = (await generate(request, signal))?.trim();
  } catch (error) {
    if (error instanceof StepError) throw error;
    if (isBlind(settings)) throw perhapsIssued(request.serial, "The site's key generator failed.", error);
    throw tryLater('KEY_GENERATOR_FAILED', "The site's key generator failed.", { cause: error });
  }
  if (key === undefined || key === '') throw soldOut(`The key generator of "${request.source}" returned no key.`);
  return key;
}
