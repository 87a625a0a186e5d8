import { defineAction } from 'handover/contract';
import { findVersion, updatesUntil, versionBought, versionDue } from './catalogue.ts';
import type { FileInput } from './catalogue.ts';
import { lookAt, offer, sizeInWords } from './offer.ts';
import type { DownloadsOptions } from './options.ts';

/** What was bought. What is fetched at a click can be a newer version. */
export type BoughtFile = {
  readonly file: string;
  readonly version: string;
  readonly size: string;
  readonly sha256?: string;
  /** The buyer gets versions released until then: `always`, or an instant. Undefined: only the one bought. */
  readonly updatesUntil?: string;
};

const days = 30;

/** Lets the buyer fetch a file. What is granted is an entry in our own store, so a second attempt changes nothing. */
export const file = defineAction<FileInput, BoughtFile, DownloadsOptions>({
  summary: 'Let the buyer download a file',
  repeats: 'set',
  units: 'perLine',
  input: {
    type: 'object',
    required: ['file'],
    additionalProperties: false,
    properties: {
      file: { type: 'string', description: "The file's name in the account's catalogue.", examples: ['course-notes'] },
      version: {
        type: 'string',
        default: 'latest',
        description:
          'The version that is sold: its name in the catalogue, or "latest" for the newest at the time of the payment.',
        examples: ['2.1'],
      },
      updates: {
        description:
          'Which later versions the buyer gets as well: "none", "all", or those released within so many days of the payment.',
        default: 'all',
        examples: [{ days: 365 }],
        anyOf: [
          { type: 'string', enum: ['none', 'all'] },
          {
            type: 'object',
            required: ['days'],
            additionalProperties: false,
            properties: { days: { type: 'integer', minimum: 1, maximum: 36500, description: 'Days from the payment.' } },
          },
        ],
      },
      limit: {
        type: 'integer',
        minimum: 1,
        maximum: 100000,
        description:
          'How often each version may be downloaded. A download that is resumed counts once. Left out: as often as wanted.',
        examples: [10],
      },
      days: {
        type: 'integer',
        minimum: 1,
        maximum: 3650,
        default: days,
        description: 'How many days the address of a download works. Who comes later asks for a new one on its page.',
      },
    },
  },
  output: {
    link: { description: 'The address of the download, made at the click.', link: true },
    version: { description: 'The version that was bought.' },
    size: { description: 'Its size, as "1.2 MB".' },
    sha256: { description: 'Its SHA-256 sum, hexadecimal. Empty when it is not known.' },
  },

  async grant(input, ctx) {
    const version = versionBought(ctx.options, input, ctx.since);
    const { size, sha256 } = await lookAt(version, ctx);
    const until = updatesUntil(input, ctx.since);
    await ctx.files.open({ file: input.file, version: version.version, ...(until !== undefined && { updatesUntil: until }) });
    return {
      file: input.file,
      version: version.version,
      size: sizeInWords(size),
      ...(sha256 !== undefined && { sha256 }),
      ...(until !== undefined && { updatesUntil: until === 'always' ? until : until.toISOString() }),
    };
  },

  revoke: (_bought, _input, ctx) => ctx.files.close(),
  suspend: (_bought, _input, ctx) => ctx.files.close(),

  async resume(bought, _input, ctx) {
    const until = instantOf(bought.updatesUntil);
    await ctx.files.open({ file: bought.file, version: bought.version, ...(until !== undefined && { updatesUntil: until }) });
  },

  async link(bought, input, ctx) {
    const until = instantOf(bought.updatesUntil);
    const { version } = versionDue(ctx.options, bought.file, { bought: bought.version, until, now: ctx.now() });
    return ctx.files.link(version, input.days ?? days);
  },

  file: async (version, bought, { limit }, ctx) => offer(findVersion(ctx.options, bought.file, version), limit, ctx),
});

function instantOf(until: string | undefined): Date | 'always' | undefined {
  return until === undefined || until === 'always' ? until : new Date(until);
}
