import type { Configuration, Problem } from '../config/configuration.ts';
import { HandoverError } from '../contract/errors.ts';
import type { Command, Input } from './command.ts';
import { jsonOption } from './command.ts';
import { describeShop, shopForMachines } from './describe-shop.ts';
import { askTheOthers, type Answers } from './ask-the-others.ts';
import { loadShop } from './open-shop.ts';
import { readPlace } from './place.ts';
import { oneLine } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Are the files right, and, with `--online`, does everybody they name answer? */
export const check: Command = {
  name: 'check',
  summary: 'Checks the configuration, and with --online the systems it names',
  details: [
    'Prints every problem of every file, or what the shop has: products, connectors, gateways with the callback address to\nenter at each of them.',
    'With --online it also asks each gateway, connector and the mail server whether they let us in and have what the products\nname. It changes nothing there. Exit code 1 when anything is wrong.',
  ],
  operands: [],
  options: { online: { summary: 'Also asks the gateways, connectors and the mail server' }, json: jsonOption },
  examples: ['npx handover check', 'npx handover check --online'],

  async run(input, terminal) {
    const place = readPlace(input);
    try {
      const shop = await loadShop(place);
      return await tell(shop, input.has('online') ? await askTheOthers(shop, place) : undefined, input, terminal);
    } catch (error) {
      const problems = problemsOf(error);
      if (!problems || !(error instanceof HandoverError)) throw error;
      if (input.has('json')) terminal.printJson({ ok: false, problems });
      else terminal.print(`${error.message}\n\nRead from ${error.where ?? place.config}.`);
      return 1;
    }
  },
};

/** The list that a `CONFIG_INVALID` carries. */
function problemsOf(error: unknown): readonly Problem[] | undefined {
  if (!(error instanceof HandoverError) || error.code !== 'CONFIG_INVALID' || !('problems' in error)) return undefined;
  return error.problems as readonly Problem[];
}

async function tell(
  shop: Configuration,
  answers: readonly Answers[] | undefined,
  input: Input,
  terminal: Terminal,
): Promise<number> {
  const isGood = (answers ?? []).every(({ findings }) => findings.every(({ ok }) => ok));
  if (input.has('json'))
    terminal.printJson({ ok: isGood, problems: [], ...shopForMachines(shop), ...(answers && { online: answers }) });
  else terminal.print([...describeShop(shop), ...(answers ? describeAnswers(answers) : [])].join('\n'));
  return isGood ? 0 : 1;
}

function describeAnswers(answers: readonly Answers[]): string[] {
  const failed = answers.flatMap(({ findings }) => findings).filter(({ ok }) => !ok).length;
  const result =
    failed === 0
      ? 'Everybody answers as the products need it.'
      : `${failed} ${failed === 1 ? 'thing needs' : 'things need'} a person.`;
  return ['', 'Online', ...answers.flatMap(describeOne), '', result];
}

function describeOne({ kind, name, findings }: Answers): string[] {
  return [
    `  ${[kind, name].filter(Boolean).join(' ')}`,
    ...findings.flatMap(({ ok, message, hint }) => [
      `    ${ok ? '✓' : '✗'} ${oneLine(message)}`,
      ...(hint === undefined || ok ? [] : [`      ${oneLine(hint)}`]),
    ]),
  ];
}
