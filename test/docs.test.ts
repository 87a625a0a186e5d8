import { posix } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { expect } from 'chai';
import { commands } from '../src/cli/commands.ts';
import { codesMadeIn } from './support/error-codes.ts';
import { anchorsOf, fencesOf, relativeLinksOf } from './support/markdown.ts';
import { allFiles, packageFile, readText } from './support/repository.ts';

const files = allFiles();
const pages = files.filter((file) => file.endsWith('.md'));
/** `npx handover keys import` in a page, `run: handover retry` or `"handover done …"` in a hint. */
const command = /(?:\bnpx |\brun:? "?|")handover ([a-z]+(?:-[a-z]+)*(?: [a-z]+(?=[\s"'`]|$))?)/g;
const fences = pages.flatMap(fencesOf);

describe('the documentation', () => {
  it('has no link that leads nowhere', () => {
    const broken = pages.flatMap((page) =>
      relativeLinksOf(page)
        .filter((link) => !leadsSomewhere(page, link))
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).to.deep.equal([]);
  });

  it('is named correctly where the sources name it', () => {
    const named = files
      .filter((file) => /^(src|connectors|views|examples)\//.test(file))
      .flatMap((file) => [...readText(file).matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map(([page]) => ({ file, page })));
    expect(named.filter(({ page }) => !files.includes(page)).map(({ file, page }) => `${file}: ${page}`)).to.deep.equal([]);
  });

  it('has an Unreleased section in the changelog', () => {
    expect(readText('CHANGELOG.md')).to.match(/^## Unreleased$/m);
  });

  it('shows scripts that exist', () => {
    const shown = fences.filter(({ language }) => /^(sh|bash|shell|console)$/.test(language)).flatMap(scriptsIn);
    const { scripts } = packageFile();
    expect(
      shown.filter(({ script }) => !(script in scripts)).map(({ file, script }) => `${file}: npm run ${script}`),
    ).to.deep.equal([]);
  });

  it('names commands that exist, and so do the hints in errors', () => {
    const names = commands.map(({ name }) => name);
    const named = files
      .filter((file) => file.endsWith('.md') || /^(src|connectors)\/.*\.ts$/.test(file))
      .flatMap((file) => [...readText(file).matchAll(command)].map(([, words = '']) => ({ file, words })));
    expect(
      named.filter(({ words }) => !names.includes(words)).map(({ file, words }) => `${file}: handover ${words}`),
    ).to.deep.equal([]);
  });

  it('shows JSON that is JSON', () => {
    expect(
      jsonBlocks()
        .filter(({ value }) => value === undefined)
        .map(({ file, text }) => `${file}: ${text.slice(0, 80)}`),
    ).to.deep.equal([]);
  });

  it('shows configuration that config.schema.json accepts', () => {
    expect(jsonBlocks().flatMap(({ file, value }) => problemsOf(value).map((problem) => `${file}: ${problem}`))).to.deep.equal(
      [],
    );
  });
});

describe('docs/errors.md', () => {
  const rows = [...readText('docs/errors.md').matchAll(/^- `([A-Z0-9_]+)` (.+(?:\n {2}(?!To do: ).+)*)\n {2}To do: (.+)$/gm)].map(
    ([, code = '']) => code,
  );
  const sources = files.filter((file) => /^(src|connectors)\/.*\.ts$/.test(file) && !file.startsWith('src/testing/'));
  const made = new Map(sources.flatMap((file) => codesMadeIn(file).map((code) => [code, file] as const)));

  it('says of every code that the sources make what it means and what to do', () => {
    const missing = [...made].filter(([code]) => !rows.some((row) => isOf(row, code)));
    expect(missing.map(([code, file]) => `${code} (${file})`)).to.deep.equal([]);
  });

  it('lists no code that nothing makes', () => {
    expect(rows.filter((row) => ![...made.keys()].some((code) => isOf(row, code)))).to.deep.equal([]);
  });

  it('lists each code once, and each entry says what to do', () => {
    const listed = [...readText('docs/errors.md').matchAll(/^- `([^`]+)`/gm)].map(([, code = '']) => code);
    expect(listed).to.deep.equal([...new Set(listed)]);
    expect(listed.filter((code) => !rows.includes(code))).to.deep.equal([]);
  });
});

describe('docs/dependencies.md', () => {
  it('has a line for every production dependency and every peer', () => {
    const { dependencies, peerDependencies } = packageFile();
    const lines = [...readText('docs/dependencies.md').matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name]) => name);
    expect(Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => !lines.includes(name))).to.deep.equal([]);
  });
});

describe('the committed files', () => {
  const texts = files.filter((file) => !/\.(png|jpe?g|gif|ico|woff2?|gz|zip)$/.test(file));

  it('name no package registry', () => {
    const registry = /\b(?:registry\.[a-z]|npm\.pkg\.|[a-z]+\.jfrog\.)|"resolved": "http/i;
    expect(texts.filter((file) => file !== 'test/docs.test.ts' && registry.test(readText(file)))).to.deep.equal([]);
  });

  it('name no folder of the machine they were written on', () => {
    const place = /(?<![\w.\-/}])\/(?:work|root|home\/(?!node\b|user\b)[a-z]\w*|Users\/[A-Za-z]\w*|tmp\/[\w.-]+)(?=[/"'`\s]|$)/m;
    expect(texts.filter((file) => file !== 'test/docs.test.ts' && place.test(readText(file)))).to.deep.equal([]);
  });
});

/** `ACTION_CANNOT_*` stands for every code that begins so. */
function isOf(row: string, code: string): boolean {
  return code.endsWith('*') ? row.startsWith(code.slice(0, -1)) : row === code;
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = decodeURI(link).split('#');
  const target = path === '' ? page : posix.join(posix.dirname(page), path).replace(/\/$/, '');
  const exists = files.includes(target) || files.some((file) => file.startsWith(`${target}/`));
  return exists && (anchor === undefined || !target.endsWith('.md') || anchorsOf(target).includes(anchor));
}

function scriptsIn({ file, text }: { readonly file: string; readonly text: string }): { file: string; script: string }[] {
  const run = [...text.matchAll(/\bnpm run (?:-s |--silent )?([\w:-]+)/g)].map(([, script = '']) => script);
  const short = [...text.matchAll(/\bnpm (test|start)\b/g)].map(([, script = '']) => script);
  return [...run, ...short].map((script) => ({ file, script }));
}

/** A block may show the inside of an object only; `{ … }` is put around it then. */
function jsonBlocks(): { file: string; text: string; value: unknown }[] {
  return fences
    .filter(({ language }) => language === 'json')
    .map(({ file, text }) => {
      return { file, text, value: parsed(text) ?? (text.trimStart().startsWith('"') ? parsed(`{${text}}`) : undefined) };
    });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A product file has a SKU; a part of handover.json has only names that handover.json has. Other JSON is not ours to judge. */
function problemsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const names = Object.keys(value).filter((name) => name !== '$schema');
  const siteNames = Object.keys(schema.definitions.site.properties);
  if ('sku' in value) return errorsOf(product(), value);
  if (names.length === 0 || !names.every((name) => siteNames.includes(name))) return [];
  const isWhole = 'baseUrl' in value && 'site' in value;
  return errorsOf(site(), value).filter((problem) => isWhole || !problem.startsWith(' must have required property'));
}

const schema = JSON.parse(readText('config.schema.json')) as { definitions: { site: { properties: object } } };

/** As an editor reads it: the published file alone, and none of our own code. */
const ajv = new Ajv({ allErrors: true, strict: false, logger: false, formats: { uri: true, email: true } }).addSchema(
  schema,
  'config',
);

function product(): ValidateFunction {
  return ajv.getSchema('config#/definitions/product') ?? absent('product');
}

function site(): ValidateFunction {
  return ajv.getSchema('config#/definitions/site') ?? absent('site');
}

function absent(name: string): never {
  throw new Error(`config.schema.json has no definition "${name}"`);
}

function errorsOf(validate: ValidateFunction, value: unknown): string[] {
  return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
}
