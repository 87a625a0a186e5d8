#!/usr/bin/env node
/**
 * The command line. Looks whether this Node.js can run Handover before it imports anything that needs it: what stands here and
 * in `check-runtime.ts` runs on older ones too.
 */
import { findRuntimeFault } from './check-runtime.ts';

const fault = findRuntimeFault(process.versions);
if (fault === undefined) {
  hideExperimentalWarnings();
  const { runCommandLine } = await import('./run.ts');
  process.exitCode = await runCommandLine(process.argv.slice(2));
  // A connection that somebody forgot to close must not keep a finished command from ending.
  setTimeout(() => process.exit(), 2000).unref();
} else {
  process.stderr.write(`${fault}\n`);
  process.exitCode = 1;
}

/** Node.js calls its SQLite experimental; whoever types a command can do nothing about it. */
function hideExperimentalWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (name !== 'ExperimentalWarning') process.stderr.write(`${name}: ${message}\n`);
  });
}
