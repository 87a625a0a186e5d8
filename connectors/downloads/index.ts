import { defineConnector } from 'handover/contract';
import { releasesIn } from './catalogue.ts';
import { check } from './check.ts';
import { file } from './file.ts';
import { optionsSchema } from './options.ts';
import type { DownloadsOptions } from './options.ts';

/** Files for buyers, from a folder of this machine or a bucket, under signed addresses of ours. */
export const downloads = defineConnector<DownloadsOptions>({
  name: 'downloads',
  aliases: ['files'],
  summary: 'Files for buyers to download',
  options: optionsSchema,
  actions: { file },
  check,
  releases: releasesIn,
});

export type { FileInput, Updates } from './catalogue.ts';
export type { BoughtFile } from './file.ts';
export type { Bucket, CatalogueEntry, DownloadsOptions, Version } from './options.ts';
