import { createRequire } from 'node:module';
import { HandoverError } from '../contract/errors.ts';

type Load = (name: string) => unknown;

/**
 * An optional peer, loaded when an option asks for it. At once, since a wrong option is told by `handover()` itself. Both peers
 * keep what they share under a global symbol or are CommonJS, so it is the same one that the site imports.
 */
export function loadPeer<Module>(
  name: 'prom-client' | '@opentelemetry/api',
  option: 'metrics' | 'tracing',
  load: Load = createRequire(import.meta.url),
): Module {
  try {
    return load(name) as Module;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'MODULE_NOT_FOUND') throw error;
    throw new HandoverError('PACKAGE_MISSING', `The option "${option}" needs the package "${name}", which is not installed.`, {
      hint: `Install it beside handover: npm install ${name}`,
      cause: error,
    });
  }
}
