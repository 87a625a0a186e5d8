import type { ActionContext, CheckContext, Finding } from 'handover/contract';
import { findObject } from './bucket.ts';
import { versionBought } from './catalogue.ts';
import type { FileInput } from './catalogue.ts';
import { findInFolder, sha256Of } from './folder.ts';
import type { DownloadsOptions, Version } from './options.ts';

/** Whether every version lies where the catalogue says, with the sum it says, and whether the products' files are there. */
export async function check(context: CheckContext<DownloadsOptions>): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [file, { versions }] of Object.entries(context.options.catalogue)) {
    findings.push(...checkNames(file, versions));
    for (const version of versions) findings.push(await checkVersion(`${file} ${version.version}`, version, context));
  }
  return [...findings, ...context.used.flatMap((use) => checkUse(use, context))];
}

function checkNames(file: string, versions: readonly Version[]): Finding[] {
  const names = versions.map(({ version }) => version);
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  const wrongDays = versions.filter(({ released }) => Number.isNaN(Date.parse(released)));
  return [
    ...twice.map((name) =>
      bad(`${file}: the version "${name}" stands in the catalogue twice.`, 'Give each version a name of its own.'),
    ),
    ...wrongDays.map(({ version, released }) => bad(`${file} ${version}: "${released}" is no day.`, 'Write it as 2026-03-01.')),
    ...(names.includes('latest') ? [bad(`${file}: a version cannot be called "latest".`, 'Give it another name.')] : []),
  ];
}

async function checkVersion(
  name: string,
  { path, sha256 }: Version,
  { options: { folder, s3 }, http, now }: CheckContext<DownloadsOptions>,
): Promise<Finding> {
  try {
    if (s3) {
      const { size } = await findObject(s3, path, { http, now });
      return { ok: true, message: `${name} is in the bucket, ${size} bytes.` };
    }
    const found = await findInFolder(folder ?? '', path);
    if (sha256 !== undefined && (await sha256Of(found, AbortSignal.timeout(60_000))) !== sha256.toLowerCase()) {
      return bad(
        `${name} is another file than the catalogue says: its SHA-256 differs.`,
        'Put the right file there, or correct "sha256".',
      );
    }
    return { ok: true, message: `${name} is in the folder, ${found.size} bytes.` };
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    return bad(`${name}: ${message}`, hint ?? 'Correct the account in handover.json.');
  }
}

function checkUse(
  { sku, input }: CheckContext<DownloadsOptions>['used'][number],
  { options, now }: Pick<ActionContext<DownloadsOptions>, 'options' | 'now'>,
): Finding[] {
  try {
    versionBought(options, input as unknown as FileInput, now());
    return [];
  } catch (error) {
    return [bad(`${sku}: ${(error as Error).message}`, 'Correct "with" in the product file, or the catalogue in handover.json.')];
  }
}

function bad(message: string, hint: string): Finding {
  return { ok: false, message, hint };
}
