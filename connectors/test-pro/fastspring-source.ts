import { createHash } from 'node:crypto';
import type { ActionContext } from 'handover/contract';
import { takeKey } from './http-source.ts';
import type { KeyRequest } from './key-request.ts';
import { callSettings } from './options.ts';
import type { FastspringSettings } from './options.ts';
import { fillTexts } from './template.ts';

const defaultParameters = {
  name: '{{buyer.name}}',
  email: '{{buyer.email}}',
  quantity: '{{seats}}',
  internalProductName: '{{product.sku}}',
  reference: '{{serial}}',
  test: 'false',
};

/**
 * Asks a program that was written for FastSpring's "Generate a licence, remote server request", as FastSpring does: a form with
 * the chosen parameters and their hash, answered with the key.
 */
export function askAsFastspring(settings: FastspringSettings, request: KeyRequest, ctx: ActionContext): Promise<string> {
  const { headers, ...limits } = callSettings(settings);
  const parameters = fillTexts(settings.parameters ?? defaultParameters, request);
  const form = { ...parameters, security_request_hash: requestHash(parameters, settings.privateKey) };
  return takeKey(
    settings,
    request,
    { ...limits, method: 'POST', url: settings.url, headers: { 'User-Agent': 'FS', ...headers }, form },
    ctx,
  );
}

/** MD5 of all values in the order of their names, then the private key. No protection by today's measure; it is what is asked for. */
export function requestHash(parameters: Readonly<Record<string, string>>, privateKey: string): string {
  const names = Object.keys(parameters).sort();
  const values = names.map((name) => parameters[name] ?? '').join('');
  return createHash('md5')
    .update(values + privateKey, 'utf8')
    .digest('hex');
}
