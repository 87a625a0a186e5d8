import type { App } from '../app.ts';
import { didYouMean } from '../config/problems.ts';
import { HandoverError } from '../contract/errors.ts';
import type { AccountRelease, ReleaseReceiver } from '../fulfilment/release-mails.ts';
import { jsonOption, type Command } from './command.ts';
import { withApp } from './open-shop.ts';
import { readPlace } from './place.ts';
import { table } from './table.ts';
import { localTime } from './times.ts';

/** Tells buyers of a new version of a file. */
export const releaseNotes: Command = {
  name: 'release-notes',
  summary: 'Mails the buyers of a file that a new version is out',
  details: [
    'FILE and VERSION as in the catalogue of a downloads account; its "notes" stand in the mail. Told is who may fetch this\nversion and bought an older one, each buyer once, however often the command is given. Who was refunded, or disputes the\npayment, is told nothing.',
    '--dry-run only lists them.',
  ],
  operands: [{ name: 'FILE' }, { name: 'VERSION' }],
  options: {
    'dry-run': { summary: 'Lists who would be told and plans no mail' },
    account: { value: 'NAME', summary: 'The downloads account, where several have a file of that name' },
    json: jsonOption,
  },
  examples: ['npx handover release-notes course-notes 2.1 --dry-run', 'npx handover release-notes course-notes 2.1'],

  async run(input, terminal) {
    const [file = '', version = ''] = input.operands;
    const isTrial = input.has('dry-run');
    const { planReleaseMails } = await import('../fulfilment/release-mails.ts');
    const receivers = await withApp(readPlace(input), async (app) => {
      const found = await planReleaseMails(app.store, findRelease(app, { file, version, account: input.value('account') }));
      if (!isTrial) await app.store.addSteps(found.map(({ step }) => step));
      return found;
    });
    if (input.has('json')) terminal.printJson({ file, version, planned: !isTrial, receivers: receivers.map(shown) });
    else terminal.print(describe(receivers, isTrial).join('\n'));
    return 0;
  },
};

interface Wanted {
  readonly file: string;
  readonly version: string;
  readonly account: string | undefined;
}

function findRelease(app: App, { file, version, account }: Wanted): AccountRelease {
  const accounts = [...app.configuration().accounts.values()].filter(({ name }) => account === undefined || name === account);
  const all = accounts.flatMap(({ name, connector, options }) =>
    (connector.releases?.(options) ?? []).map((each) => ({ ...each, account: name })),
  );
  const ofFile = all.filter((each) => each.file === file);
  const [release, another] = ofFile.filter((each) => each.version === version);
  if (!release) {
    const known = ofFile.map((each) => each.version);
    const near = known.length > 0 ? ` It has ${known.join(', ')}.` : didYouMean(file, [...new Set(all.map((each) => each.file))]);
    throw new HandoverError('RELEASE_UNKNOWN', `No catalogue has the version "${version}" of a file "${file}".${near}`, {
      hint: 'Add it to "catalogue" of the downloads account in handover.json first.',
    });
  }
  if (another) {
    throw new HandoverError(
      'RELEASE_AMBIGUOUS',
      `The accounts ${release.account} and ${another.account} both have ${file} ${version}.`,
      {
        hint: 'Say which by --account NAME.',
      },
    );
  }
  if (release.releasedAt > app.now()) {
    throw new HandoverError(
      'RELEASE_NOT_OUT',
      `${file} ${version} comes out ${localTime(release.releasedAt.getTime())}; buyers cannot fetch it before.`,
      {
        hint: 'Give the command again then, or correct "released" in the catalogue.',
      },
    );
  }
  const others = ofFile
    .filter((each) => each.account === release.account)
    .map((each) => [each.version, each.releasedAt] as const);
  return { ...release, others: new Map(others) };
}

function shown({ orderId, email }: ReleaseReceiver): { order: string; email: string } {
  return { order: orderId, email };
}

function describe(receivers: readonly ReleaseReceiver[], isTrial: boolean): string[] {
  const count = `${receivers.length} ${receivers.length === 1 ? 'buyer' : 'buyers'}`;
  return [
    isTrial
      ? `${count} would be told; who was told before is not told again.`
      : `${count} told; who was told before is not told again.`,
    ...table(
      receivers.map(({ orderId, email }) => [orderId, email]),
      { indent: '  ' },
    ),
  ];
}
