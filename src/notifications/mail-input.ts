import { outcomeNames, type OutcomeName } from '../presentation/config-shapes.ts';

/** What a mail step's `input` asks for. */
export interface MailInput {
  /** `buyer`: the outcome's mail; `copy`: the same to the owner; `release`: a new version of a file. The others are notices to staff. */
  readonly kind: MailKind;
  readonly outcome: OutcomeName;
  /** Order lines it speaks of; none: all. */
  readonly lines: readonly number[];
  /** Receivers of a copy or a notice. */
  readonly to: readonly string[];
  /** It tells of what an earlier mail called late. */
  readonly followUp: boolean;
  /** What the order itself cannot tell, e.g. the pool that runs low. */
  readonly about: Readonly<Record<string, unknown>>;
}

const kinds = [
  'buyer',
  'learner',
  'copy',
  'sale',
  'held',
  'unknownSku',
  'tell',
  'parked',
  'parkedCallback',
  'lowStock',
  'scheduled',
  'alarm',
  'release',
  'task',
] as const;
export type MailKind = (typeof kinds)[number];

/** Reads what was stored, perhaps by another version of ours: what it does not know it leaves out. */
export function readMailInput(input: Readonly<Record<string, unknown>>): MailInput {
  const about = input['about'];
  return {
    kind: kinds.find((kind) => kind === input['kind']) ?? 'buyer',
    outcome: outcomeNames.find((name) => name === input['outcome']) ?? 'paid',
    lines: listOf(input['lines'], (each) => typeof each === 'number'),
    to: listOf(input['to'], (each) => typeof each === 'string'),
    followUp: input['followUp'] === true,
    about: typeof about === 'object' && about !== null ? (about as Record<string, unknown>) : {},
  };
}

function listOf<T>(value: unknown, is: (each: unknown) => each is T): T[] {
  return Array.isArray(value) ? value.filter(is) : [];
}
