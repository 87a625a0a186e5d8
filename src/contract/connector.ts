import type { ActivationDesk } from './activations.ts';
import type { Person } from './event.ts';
import type { FileShelf, OfferedFile } from './files.ts';
import type { Finding } from './gateway.ts';
import type { HttpClient } from './http.ts';
import type { Logger } from './log.ts';
import type { Order, OrderLine } from './order.ts';
import type { JsonSchema } from './schema.ts';
import type { TaskDesk } from './tasks.ts';

/**
 * Why a second attempt is safe. `keyed`: the other side drops repeats of `ctx.stepKey`. `set`: a repeat changes nothing.
 * `check`: `find` is asked first. `blind`: neither; after an unknown outcome the step goes to a person.
 */
export type Repeats = 'keyed' | 'set' | 'check' | 'blind';

/** What an action needs from us, handed in at each attempt. */
export interface ActionContext<Options = unknown> {
  readonly options: Options;
  /** The same on every attempt of this step. */
  readonly stepKey: string;
  /** Names what is given, for the whole life of the grant: `<order>/<line>/<unit>/<grant>`. */
  readonly grantId: string;
  readonly order: Order;
  readonly line: OrderLine;
  /** Counts from 1 within the line. */
  readonly unit: number;
  /** Who gets access; the buyer unless the order says otherwise. */
  readonly learner: Person;
  /** When access begins, fixed when the step was planned: retries see the same. */
  readonly since: Date;
  /** When access ends by the purchase itself (a paid period, a fixed length), apart from what the input says. Undefined: never. */
  readonly until?: Date;
  /** Other purchases of ours that give the same thing to the same person now (grant ids). */
  readonly alsoGivenBy: readonly string[];
  readonly http: HttpClient;
  readonly keys: KeyPools;
  readonly files: FileShelf;
  readonly activations: ActivationDesk;
  readonly tasks: TaskDesk;
  /** Fires before the lease ends and when the process stops. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly log: Logger;
  /** What an earlier attempt remembered; undefined at the first. */
  readonly memo: Readonly<Record<string, unknown>> | undefined;
  /** Keeps something for the next attempt, durably, before it resolves. Use it before a call whose outcome can get lost. */
  remember(memo: Record<string, unknown>): Promise<void>;
}

/** Stocks of activation keys. */
export interface KeyPools {
  /** Takes the next free key of a pool for `holder`, in one step. The same holder always gets the same key. Undefined: sold out. */
  take(pool: string, holder: string): Promise<string | undefined>;
  /** How many are free. */
  left(pool: string): Promise<number>;
  /** Marks the holder's key as revoked. It is never given out again. False when there is none. */
  revoke(pool: string, holder: string): Promise<boolean>;
}

/** What a grant returned; kept with the step. Fields that `output` declares secret are sealed. */
export type Outcome = Record<string, unknown>;

/** One thing a connector can do. */
export interface Action<Input = Record<string, unknown>, Result extends Outcome = Outcome, Options = unknown> {
  readonly summary: string;
  readonly repeats: Repeats | ((options: Options, input: Input) => Repeats);
  /** JSON Schema of `with` in a product file. Checked when the file is read. */
  readonly input: JsonSchema;
  /**
   * Names a product's texts may use as `{{grant.name}}`. `secret`: sealed in the store. `link`: not a value but a link of
   * ours that calls `link` at the click. `internal`: kept for later calls of the action, and no name for texts.
   */
  readonly output: Readonly<Record<string, ActionOutput>>;
  /** `perUnit` (default): quantity 3 runs it three times. `perLine`: once, with `ctx.line.quantity`. */
  readonly units?: 'perUnit' | 'perLine' | ((input: Input) => 'perUnit' | 'perLine');
  /**
   * Names what is given, apart from who gets it, e.g. the course. Two purchases of the same thing are then known as one at
   * the other side, and a refund of one does not take away what the other pays for. Leave it out where each grant is a
   * thing of its own, such as a key.
   */
  resource?(input: Input): string;
  /** Names the key pool it takes a key from for each unit: while that is empty, the product is sold out. Must not throw. */
  keyPool?(input: Input, options: Options): string | undefined;
  grant(input: Input, ctx: ActionContext<Options>): Promise<Result>;
  /** Looks whether it is there already. Required for `check`. */
  find?(input: Input, ctx: ActionContext<Options>): Promise<Result | undefined>;
  /** Undoes exactly what `grant` did. Nothing there is success. */
  revoke?(result: Result, input: Input, ctx: ActionContext<Options>): Promise<void>;
  suspend?(result: Result, input: Input, ctx: ActionContext<Options>): Promise<void>;
  resume?(result: Result, input: Input, ctx: ActionContext<Options>): Promise<void>;
  renew?(result: Result, input: Input, ctx: ActionContext<Options> & { readonly until: Date }): Promise<Result>;
  /**
   * For an action that gives nothing and only tells: the input by which the same is told again. Staff may ask for that, under
   * another step key; what the other side knows a repeat by is to be made from `replayOf(ctx.stepKey)`.
   */
  replay?(result: Result, input: Input): Input;
  /** A fresh address for the click on a link, e.g. a one-time sign-in link. Never stored. */
  link?(result: Result, input: Input, ctx: ActionContext<Options>): Promise<string>;
  /** One version of a file that `ctx.files.link` made an address for, at the moment it is fetched. */
  file?(version: string, result: Result, input: Input, ctx: ActionContext<Options>): Promise<OfferedFile>;
  /**
   * What a person who did it by hand reported, completed and checked: kept as what `grant` would have returned. Throw `giveUp`
   * when something is missing.
   */
  report?(told: Readonly<Record<string, string>>, input: Input, options: Options): Outcome;
}

/** One thing an action returns. */
export interface ActionOutput {
  readonly description: string;
  readonly secret?: boolean;
  readonly link?: boolean;
  readonly internal?: boolean;
}

/** Something wrong with options that their schema accepts. */
export interface OptionProblem {
  /** Where, e.g. `['actions', 'enrol', 'grant', 0, 'path']`. */
  readonly keys: readonly (string | number)[];
  /** What is wrong and what to do. Repeats no secret. */
  readonly message: string;
}

/** A system we act on. */
export interface Connector<Options = unknown> {
  readonly name: string;
  /** Older names of the same system, accepted in the configuration. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly options: JsonSchema;
  readonly actions: Readonly<Record<string, Action<never, never, Options>>>;
  /** Further actions, which the account's options describe. Pure; only asked with options that nothing is wrong with. */
  actionsFor?(options: Options): Readonly<Record<string, Action<never, never, Options>>>;
  /** What the schema cannot say about options. Told when the file is read, with all other problems. */
  problems?(options: Options): readonly OptionProblem[];
  /** Can we reach it and may we do what the products ask? `used` lists the actions and inputs the products name. */
  check?(context: CheckContext<Options>): Promise<readonly Finding[]>;
  /** Key pools its options name, so that the importer knows them. */
  pools?(options: Options): readonly KeyPoolSettings[];
  /** Versions of files its options name, so that buyers can be told of a new one. */
  releases?(options: Options): readonly Release[];
}

/** A version of a file, as its catalogue has it. */
export interface Release {
  readonly file: string;
  readonly version: string;
  readonly releasedAt: Date;
  /** What is new in it, for buyers. */
  readonly notes?: string;
}

export interface KeyPoolSettings {
  readonly name: string;
  /** The owner is told when fewer are left. */
  readonly lowStock: number;
}

export interface CheckContext<Options> {
  readonly options: Options;
  readonly http: HttpClient;
  readonly keys: KeyPools;
  readonly now: () => Date;
  readonly used: readonly { readonly action: string; readonly input: Readonly<Record<string, unknown>>; readonly sku: string }[];
}

type Actions = Readonly<Record<string, Action<never, never>>>;

const actionsByOptions = new WeakMap<object, WeakMap<object, Actions>>();

/** All actions of an account; the same objects each time it is asked about the same options. */
export function actionsOf<Options>(connector: Pick<Connector<Options>, 'actions' | 'actionsFor'>, options: Options): Actions {
  if (!connector.actionsFor || typeof options !== 'object' || options === null) return connector.actions as Actions;
  const known = actionsByOptions.get(connector) ?? new WeakMap<object, Actions>();
  actionsByOptions.set(connector, known);
  const actions = known.get(options) ?? ({ ...connector.actions, ...connector.actionsFor(options) } as Actions);
  known.set(options, actions);
  return actions;
}

/** Gives an action its types. */
export function defineAction<Input, Result extends Outcome, Options = unknown>(
  action: Action<Input, Result, Options>,
): Action<Input, Result, Options> {
  return action;
}

/** Gives a connector its types. */
export function defineConnector<Options>(
  connector: Omit<Connector<Options>, 'actions'> & { readonly actions: Readonly<Record<string, unknown>> },
): Connector<Options> {
  return connector as Connector<Options>;
}
