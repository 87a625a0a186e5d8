import type { Action } from '../contract/connector.ts';
import type { Grant } from '../contract/order.ts';
import type { Step } from '../contract/plan.ts';
import { standingOf, worstOf, type GrantStanding } from './item-state.ts';
import { isForBuyers, isForCopying, labelFor } from './output-labels.ts';
import { safeLink } from './rich-text.ts';

/** One named grant of a product, over all units of its order line. */
export interface GrantView {
  readonly name: string;
  readonly title?: string;
  readonly state: GrantStanding;
  /** A person is at it as planned: what the owner wants the buyer to know until it is done. */
  readonly waiting?: string;
  /** Of so many units so many are ready. */
  readonly units: { readonly all: number; readonly ready: number };
  readonly outputs: readonly OutputView[];
}

/** One output of the action, e.g. the activation keys. Empty until the grant is ready. */
export interface OutputView {
  readonly name: string;
  readonly label: string;
  /** `link`: addresses to follow. `secret`: keys, passwords. `text`: all else. */
  readonly kind: 'link' | 'secret' | 'text';
  /** One per unit. */
  readonly values: readonly string[];
  /** Shown without being asked for by a text. */
  readonly listed: boolean;
  /** To be typed in or copied elsewhere: a key, a user name. */
  readonly copied: boolean;
}

/** What is needed beside the order to show what was given. */
export interface GrantParts {
  /** The outputs an action declares; undefined when the configuration no longer has it. */
  outputs(action: string): Action['output'] | undefined;
  /** Opens a sealed value. May throw. */
  open(sealed: string): string;
  readonly links: { open(orderId: string, grantId: string, holder?: string): string };
  /** What the links of a grant say of who has it. */
  markOf?(grant: Grant): string;
  /** Whether the reader may see what was given. @default all of it */
  isShown?(grant: Grant): boolean;
}

/** A value that was sealed under a secret this site no longer has. */
export const unreadable = '(cannot be shown just now)';

export function viewGrant(
  name: string,
  title: string | undefined,
  units: readonly Grant[],
  steps: readonly Step[],
  parts: GrantParts,
): GrantView {
  const standings = units.map((grant) => standingOf(grant, steps));
  const ready = units.filter((_, index) => standings[index] === 'ready');
  const shown = ready.filter((grant) => parts.isShown?.(grant) ?? true);
  const declared = Object.entries(parts.outputs(units[0]?.action ?? '') ?? {}).filter(([, { internal }]) => internal !== true);
  const outputs = declared.map(([output, { secret, link }]): OutputView => {
    const values = shown.flatMap((grant) => valuesOf(grant, output, { secret, link }, steps, parts));
    const isLink = link === true || (values.length > 0 && secret !== true && values.every((value) => safeLink(value)));
    return {
      name: output,
      label: labelFor(output),
      kind: isLink ? 'link' : secret === true ? 'secret' : 'text',
      values,
      listed: isForBuyers(output),
      copied: secret === true || isForCopying(output),
    };
  });
  return {
    name,
    ...(title !== undefined && { title }),
    state: worstOf(standings) ?? 'late',
    ...waitingFor(units, steps),
    units: { all: units.length, ready: ready.length },
    outputs,
  };
}

const byHand = 'Somebody of our team is preparing this for you.';

/** A task that is open is nothing that went wrong. */
function waitingFor(units: readonly Grant[], steps: readonly Step[]): { waiting?: string } {
  const open = units.map(({ id }) => steps.findLast(({ grantId, state }) => grantId === id && state === 'parked'));
  const task = open.find((step) => step?.error?.code === 'TASK_OPEN' && step.verb === 'grant');
  if (!task) return {};
  const told = task.input['buyerText'];
  return { waiting: typeof told === 'string' ? told : byHand };
}

function valuesOf(
  grant: Grant,
  output: string,
  { secret, link }: { readonly secret: boolean | undefined; readonly link: boolean | undefined },
  steps: readonly Step[],
  parts: GrantParts,
): string[] {
  if (link === true) return [parts.links.open(grant.orderId, grant.id, parts.markOf?.(grant))];
  const value = outcomeOfGrant(grant, steps)[output];
  const values = (Array.isArray(value) ? value : [value]).flatMap(plainText);
  return secret === true ? values.map((sealed) => openOr(unreadable, sealed, parts)) : values;
}

/** What granting returned, with what later renewals changed. */
function outcomeOfGrant(grant: Grant, steps: readonly Step[]): Readonly<Record<string, unknown>> {
  const done = steps.filter(
    ({ grantId, verb, state }) => grantId === grant.id && state === 'done' && (verb === 'grant' || verb === 'renew'),
  );
  const last = done.findLastIndex(({ verb }) => verb === 'grant');
  return Object.assign({}, ...done.slice(Math.max(last, 0)).map(({ outcome }) => outcome)) as Record<string, unknown>;
}

function plainText(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}

function openOr(fallback: string, sealed: string, parts: Pick<GrantParts, 'open'>): string {
  try {
    return parts.open(sealed);
  } catch {
    return fallback;
  }
}
