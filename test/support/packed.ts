import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { root, topLevel } from './repository.ts';

const execute = promisify(execFile);

/** Everything runs on the Node.js that runs the tests. */
const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`, NODE_OPTIONS: '' };

/** The package as npm would publish it, built and packed from a copy, so that the work tree stays as it is. */
export interface PackedPackage {
  /** What is in the tarball, as paths from the package's root. */
  readonly files: readonly string[];
  readonly unpackedBytes: number;
  read(file: string): string;
  /** An empty site that has the package installed, with the named packages of this repository beside it, some under another name. */
  site(name: string, packages: Readonly<Record<string, string>>): Site;
  remove(): void;
}

export interface Site {
  write(file: string, text: string): void;
  /** Runs a script of Node.js in the site. Gives both outputs, whatever the exit code. */
  node(...args: string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
}

interface PackReport {
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

export async function packPackage(): Promise<PackedPackage> {
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'handover-packed-')));
  try {
    return await packInto(temporary);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
}

async function packInto(temporary: string): Promise<PackedPackage> {
  const copy = join(temporary, 'copy');
  mkdirSync(copy);
  for (const name of topLevel()) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  await run('npm', ['run', 'build'], copy);
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', temporary], copy);
  const report = packReport(stdout);
  await run('tar', ['-xzf', join(temporary, report.filename), '-C', temporary], temporary);
  const folder = join(temporary, 'package');
  return {
    files: report.files.map(({ path }) => path).sort(),
    unpackedBytes: report.unpackedSize,
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    site: (name, packages) => makeSite(join(temporary, name), folder, packages),
    remove: () => rmSync(temporary, { recursive: true, force: true }),
  };
}

/** npm 12 answers with an object by package name, earlier versions with a list. */
function packReport(text: string): PackReport {
  const [report] = Object.values(JSON.parse(text) as Record<string, PackReport>);
  if (!report) throw new Error('npm pack told nothing.');
  return report;
}

function makeSite(folder: string, packed: string, packages: Readonly<Record<string, string>>): Site {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules, { recursive: true });
  cpSync(packed, join(modules, 'handover'), { recursive: true });
  for (const [name, installed] of Object.entries(packages)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', installed), join(modules, name));
  }
  return {
    write(file, text) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    async node(...args) {
      try {
        return { code: 0, ...(await execute(process.execPath, args, { cwd: folder, env, timeout: 60_000 })) };
      } catch (error) {
        const { code, stdout, stderr } = error as { code?: number; stdout?: string; stderr?: string };
        return { code: code ?? 1, stdout: stdout ?? '', stderr: stderr ?? '' };
      }
    },
  };
}

async function run(command: string, args: readonly string[], cwd: string): Promise<{ stdout: string }> {
  try {
    return await execute(command, args, { cwd, env, timeout: 60_000, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
