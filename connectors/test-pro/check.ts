import type { CheckContext, Finding } from 'handover/contract';
import { problemOfAddress } from './call.ts';
import type { IssueKeyInput } from './key-request.ts';
import { checkLicences } from './keygen-source.ts';
import type { HttpSettings, SourceSettings, TestProOptions } from './options.ts';
import { readPrivateKey } from './signed-key.ts';
import { findSource, poolName, problemOfPattern } from './sources.ts';

/**
 * What can be told without making a key. No request is sent to a key source: a simple one makes a key for any request, HEAD
 * too. Whether it can be reached shows at the first sale in test mode.
 */
export async function check(context: CheckContext<TestProOptions>, hasGenerator: boolean): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [name, settings] of Object.entries(context.options.sources)) {
    findings.push(await checkSource(name, settings, context, hasGenerator), ...checkRevokeUrl(name, settings));
  }
  return [...findings, ...context.used.flatMap((use) => checkUse(use, context.options))];
}

async function checkSource(
  name: string,
  settings: SourceSettings,
  { keys, http }: CheckContext<TestProOptions>,
  hasGenerator: boolean,
): Promise<Finding> {
  switch (settings.kind) {
    case 'pool': {
      const pool = poolName(name, settings);
      const left = await keys.left(pool);
      const message = `Key pool "${pool}" has ${left} free ${left === 1 ? 'key' : 'keys'}.`;
      return left > 0 ? { ok: true, message } : { ok: false, message, hint: 'Import keys before the next sale.' };
    }
    case 'pattern': {
      const problem = problemOfPattern(settings);
      return verdict(name, problem, 'makes keys of 100 random bits or more', 'Correct secret, groups, groupLength or alphabet.');
    }
    case 'signed':
      return verdict(
        name,
        problemOfPrivateKey(settings.privateKey),
        'has a usable private key',
        'Set "privateKey" to the private part of makeKeyPair().',
      );
    case 'http':
      return verdict(
        name,
        problemOfHttp(settings),
        'has a usable address; it was not called, since a call may issue a key',
        'Correct the source in handover.json.',
      );
    case 'fastspring':
      return verdict(
        name,
        problemOfHttp(settings),
        'has a usable address; it was not called, since a call may issue a key',
        'Correct the source in handover.json.',
      );
    case 'keygen':
      return checkLicences(name, settings, http);
    case 'function':
      return verdict(
        name,
        hasGenerator ? undefined : 'the site handed no generator in',
        'has a generator',
        'Register createTestPro({ generate }).',
      );
  }
}

function verdict(name: string, problem: string | undefined, good: string, hint: string): Finding {
  if (problem === undefined) return { ok: true, message: `Key source "${name}" ${good}.` };
  return { ok: false, message: `Key source "${name}" cannot give keys: ${problem.replace(/\.$/, '')}.`, hint };
}

function problemOfPrivateKey(privateKey: string): string | undefined {
  try {
    readPrivateKey(privateKey);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'the private key cannot be read';
  }
}

function problemOfHttp({ url, answer }: Pick<HttpSettings, 'url' | 'answer'>): string | undefined {
  try {
    if (answer?.regex !== undefined) new RegExp(answer.regex, 'u');
  } catch {
    return '"answer.regex" is not a regular expression';
  }
  return problemOfAddress(url);
}

function checkRevokeUrl(name: string, { revokeUrl }: SourceSettings): Finding[] {
  const problem = revokeUrl === undefined ? undefined : problemOfAddress(revokeUrl);
  if (problem === undefined) return [];
  return [{ ok: false, message: `Key source "${name}" cannot take keys back: ${problem}.`, hint: 'Correct "revokeUrl".' }];
}

function checkUse({ sku, input }: CheckContext<TestProOptions>['used'][number], options: TestProOptions): Finding[] {
  const { source, seats, machineCodeField } = input as IssueKeyInput;
  let found: ReturnType<typeof findSource>;
  try {
    found = findSource(options, source);
  } catch (error) {
    return [{ ok: false, message: `${sku}: ${(error as Error).message}`, hint: 'Correct "with.source" in the product file.' }];
  }
  const { name, settings } = found;
  const isPlain = settings.kind === 'pool' || settings.kind === 'pattern';
  const findings: Finding[] = [];
  if (isPlain && seats === 'oneKeyWithSeats') {
    const message = `${sku}: a key of the source "${name}" cannot say how many seats were bought, so a quantity of 3 gives one plain key.`;
    findings.push({ ok: false, message, hint: 'Use "seats": "keyPerUnit", or a signed, http or function source.' });
  }
  if (isPlain && machineCodeField !== undefined) {
    const message = `${sku}: a key of the source "${name}" cannot depend on the buyer's machine.`;
    findings.push({ ok: false, message, hint: 'Leave "machineCodeField" out, or use a signed, http or function source.' });
  }
  return findings;
}
