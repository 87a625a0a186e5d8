import { expect } from 'chai';
import { circlesIn, importsOf, type Import } from './support/import-graph.ts';
import { allFiles, readText, topLevel } from './support/repository.ts';

/**
 * Who imports whom. The first entry whose `files` fit decides; `may` names beginnings of paths and package names, `types` what
 * may be imported with `import type` only. A file's own folder (the part of its path that `files` fits) is always allowed.
 */
const table: readonly { readonly files: RegExp; readonly may: readonly string[]; readonly types?: readonly string[] }[] = [
  { files: /^src\/contract\//, may: [] },
  { files: /^connectors\/http\//, may: ['handover/contract', 'node:', 'jsonwebtoken'] },
  { files: /^connectors\/downloads\//, may: ['handover/contract', 'node:', 'aws4'] },
  { files: /^connectors\/[^/]+\//, may: ['handover/contract', 'node:'] },
  { files: /^src\/config\//, may: ['src/contract/', 'config.schema.json', 'node:', 'ajv', 'fastest-levenshtein', 'mustache'] },
  { files: /^src\/gateways\//, may: ['src/contract/', 'node:', 'stripe', '@paypal/checkout-server-sdk'] },
  { files: /^src\/orders\//, may: ['src/contract/', 'node:crypto'] },
  { files: /^src\/processes\//, may: ['src/contract/', 'src/config/types.ts', 'mustache'] },
  { files: /^src\/storage\/[\w-]+\.ts$/, may: ['src/contract/', 'src/storage/'] },
  { files: /^src\/storage\/sql\//, may: ['src/contract/', 'src/storage/store.ts'] },
  {
    files: /^src\/storage\/postgres\//,
    may: ['src/contract/', 'src/crash-point.ts', 'src/storage/store.ts', 'src/storage/sql/', 'node:', 'pg'],
  },
  {
    files: /^src\/storage\/[^/]+\//,
    may: ['src/contract/', 'src/crash-point.ts', 'src/storage/store.ts', 'src/storage/sql/', 'node:'],
  },
  {
    files: /^src\/fulfilment\//,
    may: ['src/contract/', 'src/crash-point.ts', 'src/config/types.ts', 'src/storage/store.ts', 'node:'],
    types: ['src/secrets/sealing.ts'],
  },
  {
    files: /^src\/presentation\//,
    may: ['src/contract/', 'src/config/types.ts', 'src/storage/store.ts', 'node:', 'ejs', 'mustache'],
  },
  {
    files: /^src\/responses\//,
    may: ['src/contract/', 'src/config/types.ts', 'src/storage/store.ts', 'src/presentation/', 'node:'],
    types: ['src/secrets/links.ts', 'src/secrets/sealing.ts'],
  },
  {
    files: /^src\/notifications\//,
    may: [
      'src/contract/',
      'src/crash-point.ts',
      'src/config/types.ts',
      'src/storage/store.ts',
      'src/presentation/',
      'node:',
      'nodemailer',
    ],
    types: ['src/secrets/links.ts', 'src/secrets/sealing.ts'],
  },
  {
    files: /^src\/monitoring\//,
    may: ['src/contract/', 'src/config/types.ts', 'src/storage/store.ts', 'node:'],
    types: ['prom-client', '@opentelemetry/api'],
  },
  { files: /^src\/activation\//, may: ['src/contract/', 'src/storage/store.ts', 'node:'] },
  { files: /^src\/outgoing\//, may: ['src/contract/', 'src/crash-point.ts', 'node:', 'axios', 'ipaddr.js'] },
  { files: /^src\/secrets\//, may: ['src/contract/', 'node:', 'jsonwebtoken'] },
  {
    files: /^src\/flow\.ts$/,
    may: ['src/contract/', 'src/crash-point.ts', 'src/config/types.ts', 'src/orders/', 'src/processes/', 'src/storage/store.ts'],
  },
  { files: /^src\/checkout\//, may: ['src/contract/', 'src/config/types.ts', 'node:'] },
  { files: /^src\/statements\//, may: ['src/contract/', 'node:', 'csv-parse', 'fast-xml-parser'] },
  {
    files: /^src\/http\//,
    may: [
      'src/activation/',
      'src/checkout/',
      'express-rate-limit',
      'src/contract/',
      'src/crash-point.ts',
      'src/config/types.ts',
      'src/flow.ts',
      'src/responses/',
      'src/presentation/',
      'node:',
      'express',
    ],
    types: ['src/secrets/links.ts', 'src/storage/store.ts'],
  },
  {
    files: /^src\/testing\//,
    may: ['src/contract/', 'src/outgoing/axios-http.ts', 'src/storage/store.ts', 'node:', 'stripe', 'smtp-server', 'postal-mime'],
  },
  { files: /^src\/wiring\/built-in-connectors\.ts$/, may: ['src/contract/', 'connectors/'] },
  {
    files: /^src\/index\.ts$/,
    may: ['src/contract/', 'src/app.ts', 'src/wiring/router.ts', 'src/config/index.ts', 'src/gateways/index.ts'],
    types: ['src/wiring/options.ts', 'express'],
  },
  {
    files: /^src\/cli\//,
    may: [
      'src/activation/',
      'src/contract/',
      'src/app.ts',
      'src/wiring/open-store.ts',
      'src/wiring/offline-desk.ts',
      'src/wiring/offer.ts',
      'src/wiring/stock-pools.ts',
      'src/wiring/own-events.ts',
      'src/statements/',
      'src/wiring/store-upkeep.ts',
      'src/wiring/buyer-data.ts',
      'src/config/',
      'src/gateways/index.ts',
      'src/wiring/built-in-connectors.ts',
      'src/secrets/sealing.ts',
      'src/fulfilment/',
      'src/notifications/send-mail.ts',
      'src/outgoing/',
      'node:',
    ],
    types: ['src/storage/store.ts'],
  },
  // app.ts and the pieces it is wired from know everyone. No other row names them.
  {
    files: /^src\/(wiring\/|app\.ts$|crash-point\.ts$)/,
    may: ['src/', 'node:', 'express'],
    types: ['prom-client', '@opentelemetry/api'],
  },
  { files: /^examples\//, may: ['handover', 'express', 'node:'] },
];

const topLevelAllowed = new Set(
  'package.json package-lock.json tsconfig.json src connectors views config.schema.json examples test README.md docs bench CHANGELOG.md LICENSE'.split(
    ' ',
  ),
);

/** It re-exports the hand-written half of the configuration's types, which names types of this one. */
const generatedTypes = 'src/config/types.ts';

const files = allFiles();
const sources = files.filter((file) => /^(src|connectors|examples)\/.*\.ts$/.test(file));
const imports = sources.flatMap(importsOf);

describe('the architecture', () => {
  it('lets each part import what the table of imports allows, and nothing else', () => {
    expect(imports.flatMap(breach)).to.deep.equal([]);
  });

  it('has a row in the table of imports for every source file', () => {
    expect(sources.filter((file) => !table.some(({ files }) => files.test(file)))).to.deep.equal([]);
  });

  it('has no circle of imports', () => {
    expect(circlesIn(imports.filter(({ from }) => from !== generatedTypes)).map((circle) => circle.join(' > '))).to.deep.equal(
      [],
    );
  });

  it('joins its parts in app.ts and src/wiring, which only those, index.ts and the command line know', () => {
    const joined = imports.filter(({ to }) => /^src\/(app\.ts$|wiring\/)/.test(to)).map(({ from }) => from);
    expect(joined.filter((from) => !/^src\/(app\.ts$|index\.ts$|wiring\/|cli\/)/.test(from))).to.deep.equal([]);
    expect(imports.filter(({ to }) => to === 'src/index.ts').map(({ from }) => from)).to.deep.equal([]);
  });

  it('imports only files that exist', () => {
    const missing = imports.filter(({ to }) => /^(src|connectors|examples)\//.test(to) && !files.includes(to));
    expect(missing.map(({ from, to }) => `${from} imports ${to}`)).to.deep.equal([]);
  });

  it('has nothing at the top but the folders and files that were agreed', () => {
    expect(topLevel().filter((name) => !name.startsWith('.') && !topLevelAllowed.has(name))).to.deep.equal([]);
  });

  it('has no source file of 400 lines or more', () => {
    const long = files
      .filter((file) => /^(src|connectors)\/.*\.ts$/.test(file) && file !== 'src/config/types.ts') // generated
      .map((file) => ({ file, lines: readText(file).split('\n').length - 1 }))
      .filter(({ lines }) => lines >= 400);
    expect(long.map(({ file, lines }) => `${file}: ${lines} lines`)).to.deep.equal([]);
  });

  it('names files and folders in kebab-case', () => {
    const named = files.filter(
      (file) => /^(src|connectors|views|test|bench|docs|examples|\.config)\//.test(file) && !isNamedByCustom(file),
    );
    const kebab = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;
    expect(named.filter((file) => !file.split('/').every((part) => kebab.test(part)))).to.deep.equal([]);
  });

  it('leaves no note about work to come', () => {
    const note = /\b(?:T[O]DO|F[I]XME|X[X]X)\b/;
    expect(files.filter((file) => isText(file) && note.test(readText(file)))).to.deep.equal([]);
  });

  it('runs every test: none is switched off and none runs alone', () => {
    const tests = files.filter((file) => /^test\/.*\.ts$/.test(file));
    const choice =
      /(?:\b(?:describe|context|it|specify|suite|test)\.(?:only|skip)\b|\bthis\.skip\(|\bx(?:it|describe|context)\()/;
    expect(tests.filter((file) => choice.test(readText(file)))).to.deep.equal([]);
  });

  it('writes to the console from the command line only', () => {
    const quiet = sources.filter((file) => /^(src|connectors)\//.test(file) && !file.startsWith('src/cli/'));
    expect(quiet.filter((file) => /\bconsole\.\w+\(/.test(readText(file)))).to.deep.equal([]);
  });
});

function breach({ from, to, typeOnly }: Import): string[] {
  const row = table.find(({ files }) => files.test(from));
  if (!row) return [];
  const own = row.files.exec(from)?.[0] ?? from;
  const allowed = [...row.may, ...(typeOnly ? (row.types ?? []) : [])];
  const isAllowed = (own.endsWith('/') && to.startsWith(own)) || allowed.some((name) => fits(to, name));
  return isAllowed ? [] : [`${from} imports ${typeOnly ? 'types of ' : ''}${to}`];
}

/** `src/orders/` and `node:` stand for all that begins with them; a package stands for its sub-paths too. */
function fits(to: string, name: string): boolean {
  if (name.endsWith('/') || name.endsWith(':')) return to.startsWith(name);
  return to === name || (!name.includes('.') && to.startsWith(`${name}/`));
}

/** What others named: README.md, a product file called after its SKU, recorded callbacks. */
function isNamedByCustom(file: string): boolean {
  return /\/(README\.md|products\/[^/]+\.json)$/.test(file) || file.startsWith('test/fixtures/');
}

function isText(file: string): boolean {
  return /\.(ts|js|json|md|ejs|css|sql|html|txt)$/.test(file) && file !== 'package-lock.json';
}
