import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findJsonFaults, forbiddenNames } from './json-text.ts';
import { printPath, type ProblemList } from './problems.ts';

export const siteFile = 'handover.json';
export const productsFolder = 'products';

/** A file's content as plain data: objects without a prototype, so that any key is only data. */
export type Content = Record<string, unknown>;

/** Files that could be read, by their path in the folder; the site first, then the products by name. */
export type Files = ReadonlyMap<string, Content>;

const largestBytes = 1024 * 1024;

/** Reads all files of a shop. What cannot be read becomes a problem and is missing from the result. */
export function readFiles(folder: string, problems: ProblemList): Files {
  const files = new Map<string, Content>();
  const folderFault = whyNotAFolder(folder);
  if (folderFault !== undefined) {
    problems.add(siteFile, '', `It cannot be read: ${folderFault}. Name the folder that holds ${siteFile}.`);
    return files;
  }
  for (const file of [siteFile, ...productFiles(folder, problems)]) {
    const content = readContent(folder, file, problems);
    if (content !== undefined) files.set(file, content);
  }
  return files;
}

function whyNotAFolder(folder: string): string | undefined {
  try {
    return statSync(folder).isDirectory() ? undefined : 'the configuration folder is not a folder';
  } catch (error) {
    return codeOf(error) === 'ENOENT'
      ? 'the configuration folder does not exist'
      : `the configuration folder fails with ${codeOf(error)}`;
  }
}

/** The product files of a shop, sorted. Names that begin with a dot are an editor's or a system's own. */
function productFiles(folder: string, problems: ProblemList): string[] {
  const files: string[] = [];
  let entries: string[];
  try {
    entries = readdirSync(join(folder, productsFolder));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT')
      problems.add(productsFolder, '', `The folder cannot be read (${codeOf(error)}). Make it a folder this process may read.`);
    return [];
  }
  for (const entry of entries.sort()) {
    if (entry.startsWith('.')) continue;
    const file = `${productsFolder}/${entry}`;
    const isJson = entry.toLowerCase().endsWith('.json');
    if (isJson) files.push(file);
    else if (isFolder(join(folder, file))) {
      problems.add(file, '', `This is a folder. Product files lie directly in ${productsFolder}/; move it elsewhere.`);
    }
  }
  return files;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function readContent(folder: string, file: string, problems: ProblemList): Content | undefined {
  const text = readText(join(folder, file));
  if ('fault' in text) {
    problems.add(file, '', text.fault);
    return undefined;
  }
  const faults = findJsonFaults(text.text);
  for (const { keys, line, column, message } of faults) {
    const where = `line ${line}, column ${column}`;
    if (keys === undefined) problems.add(file, '', `This is not valid JSON (${where}). ${message}`);
    else problems.add(file, printPath(keys), `${message} (${where})`);
  }
  if (faults.some(({ keys }) => keys === undefined)) return undefined;
  const content = asPlainData(JSON.parse(text.text));
  if (isContent(content)) return content;
  problems.add(file, '', 'The file must hold one object: { … }.');
  return undefined;
}

function readText(path: string): { text: string } | { fault: string } {
  try {
    const found = statSync(path);
    if (!found.isFile()) return { fault: `This is ${found.isDirectory() ? 'a folder' : 'not a file'}. A file must stand here.` };
    if (found.size > largestBytes) {
      return { fault: `The file has ${found.size} bytes, and at most ${largestBytes} are read. Is it the right file?` };
    }
    const bytes = readFileSync(path);
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    return { fault: whyUnreadable(error) };
  }
}

function whyUnreadable(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'The file does not exist. Create it, or correct the link that leads to it.';
  if (code === 'ELOOP') return 'The file is a symbolic link that leads back to itself. Let it lead to a file.';
  if (code === 'EACCES' || code === 'EPERM') return 'This process may not read the file. Change its owner or its permissions.';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'The file is not UTF-8. Save it in this encoding.';
  return `The file cannot be read (${code}).`;
}

/** A copy whose objects have no prototype and no forbidden names. */
export function asPlainData(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asPlainData);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.create(null) as Content;
  for (const [key, inside] of Object.entries(value)) if (!forbiddenNames.includes(key)) copy[key] = asPlainData(inside);
  return copy;
}

/** Whether a value is an object with named members. */
export function isContent(value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : 'unknown error';
}
