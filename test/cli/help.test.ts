import { expect } from 'chai';
import { commands } from '../../src/cli/commands.ts';
import { findRuntimeFault } from '../../src/cli/check-runtime.ts';
import { packageFile, readText } from '../support/repository.ts';
import { CliShop, runCli } from './command-line.ts';

describe('the command line', () => {
  it('lists every command, with one line each', async () => {
    const { code, out } = await runCli(['--help']);
    expect(code).to.equal(0);
    for (const { name, summary } of commands) expect(out).to.match(new RegExp(`^  ${name} +${escape(summary)}$`, 'm'));
  });

  it('shows the same list, but as a failure, when no command is given', async () => {
    const { code, out } = await runCli([]);
    expect(code).to.equal(2);
    expect(out).to.contain('Usage: npx handover COMMAND');
  });

  for (const { name, options, examples } of commands) {
    it(`explains "${name}" with all its options and an example that it understands`, async () => {
      const { code, out } = await runCli([...name.split(' '), '--help']);
      expect(code).to.equal(0);
      expect(out).to.contain(`Usage: npx handover ${name}`);
      for (const option of [...Object.keys(options), 'config', 'store', 'with'])
        expect(out).to.match(new RegExp(`^  --${option}\\b`, 'm'));
      expect(examples.every((example) => out.includes(`  ${example}\n`) && example.startsWith(`npx handover ${name}`))).to.equal(
        true,
      );
    });
  }

  it('tells its version', async () => {
    const { version } = JSON.parse(readText('package.json')) as { version: string };
    expect((await runCli(['--version'])).out).to.equal(`${version}\n`);
    expect(packageFile().bin).to.deep.equal({ handover: './dist/src/cli/main.js' });
  });

  const misspelt: readonly (readonly [string[], string])[] = [
    [['ordres'], 'COMMAND_UNKNOWN  "ordres" is not a command. Did you mean "orders"?'],
    [['keys', 'improt', 'pool', 'file'], 'COMMAND_UNKNOWN  "keys improt" is not a command. Did you mean "keys import"?'],
    [['keys'], 'COMMAND_UNKNOWN  "keys" is not a command. It needs one more word: keys import, keys list, keys find.'],
    [['check', '--onlin'], 'OPTION_UNKNOWN  "--onlin" is not an option of "check". Did you mean "--online"?'],
    [['--confg', 'x', 'check'], 'OPTION_UNKNOWN  "--confg" is not an option'],
    [['status', '--parked'], 'OPTION_UNKNOWN  "--parked" is not an option of "status"'],
    [['check', '-x'], 'OPTION_UNKNOWN  "-x" is not an option of "check"'],
    [['orders', '--status', 'payed'], 'OPTION_VALUE  "payed" is not a value of --status. Did you mean "paid"?'],
    [['orders', '--limit', 'many'], 'OPTION_VALUE  --limit takes a whole number from 1 to 10000, not "many".'],
    [['orders', '--find', '--json'], 'OPTION_VALUE  --find needs a value: --find TEXT'],
    [['orders', '--json=yes'], 'OPTION_VALUE  --json takes no value.'],
    [['order'], 'ARGUMENT_MISSING  "order" needs ORDER.'],
    [['status', 'now'], 'ARGUMENT_UNKNOWN  "status" does not know what to do with "now".'],
    [['release', 'K3M9-2QXT-7BHD'], 'ARGUMENT_MISSING  "release" needs a reason: --because TEXT'],
    [['retry'], 'ARGUMENT_MISSING  Say one thing to retry: an order, the key of a step, --callbacks or --all.'],
    [['retry', 'K3M9-2QXT-7BHD', '--all'], 'ARGUMENT_MISSING  Say one thing to retry'],
  ];
  for (const [args, message] of misspelt) {
    it(`does nothing and ends with 2 when it gets "${args.join(' ')}"`, async () => {
      const { code, out, err } = await runCli(args);
      expect(err).to.contain(message);
      expect(code).to.equal(2);
      expect(out).to.equal('');
    });
  }

  it('takes options before and after the command', async () => {
    const shop = await CliShop.make();
    const { code, out } = await runCli([
      '--config',
      shop.folder,
      'check',
      '--json',
      '--with',
      `${import.meta.dirname}/own-parts.ts`,
    ]);
    await shop.remove();
    expect(code).to.equal(0);
    expect(JSON.parse(out)).to.include({ ok: true });
  });

  it('says what failed with a code and what to do, without a stack trace', async () => {
    const { code, out, err } = await runCli(['orders', '--store', 'nowhere/shop.db']);
    expect(code).to.equal(1);
    expect(out).to.equal('');
    expect(err).to.match(/^STORE_MISSING {2}There is no store at nowhere\/shop\.db\.\n {15}Give the path the site uses/);
    expect(err).to.not.match(/^\s+at /m);
  });

  it('shows the stack trace when HANDOVER_DEBUG=1 asks for it', async () => {
    const { err } = await runCli(['orders', '--store', 'nowhere/shop.db'], { env: { HANDOVER_DEBUG: '1' } });
    expect(err).to.match(/^\s+at /m);
  });

  it('says in one line that Node.js is too old, before anything is imported that needs a newer one', () => {
    expect(findRuntimeFault({ node: '20.19.2' })).to.match(
      /^NODE_TOO_OLD {2}Handover needs Node\.js 22\.18 or later; this is 20\.19\.2\./,
    );
    expect(findRuntimeFault({ node: '22.17.1', sqlite: '3.51.3' })).to.match(/^NODE_TOO_OLD/);
    expect(findRuntimeFault({ node: '22.18.0', sqlite: '3.50.4' })).to.match(/^STORE_SQLITE_TOO_OLD {2}.*SQLite 3\.50\.4/);
    expect(findRuntimeFault({ node: '22.18.0', sqlite: '3.51.3' })).to.equal(undefined);
    expect(findRuntimeFault({ node: '26.0.0', sqlite: '4.0' })).to.equal(undefined);
    const imported = [...readText('src/cli/main.ts').matchAll(/^import .* from '(.+)';$/gm)].map(([, name]) => name);
    expect(imported).to.deep.equal(['./check-runtime.ts']);
    expect(readText('src/cli/check-runtime.ts')).to.not.match(/^import /m);
  });
});

describe('docs/cli.md', () => {
  const page = readText('docs/cli.md');

  for (const { name, options } of commands) {
    it(`has a section on "${name}" with an example and every option`, () => {
      const section = page.split(/^## /m).find((text) => text.startsWith(`${name}\n`)) ?? '';
      expect(section).to.match(new RegExp(`^npx handover ${name}\\b`, 'm'));
      for (const option of Object.keys(options)) expect(section).to.contain(`\`--${option}`);
    });
  }
});

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
