import { HandoverError } from '../../contract/errors.ts';

const oldest = [3, 51, 3];

/** SQLite before 3.51.3 can lose commits when a write meets a checkpoint of another connection (the WAL-reset bug). */
export function checkSqliteVersion(version: string): void {
  const parts = version.split('.').map(Number);
  for (const [place, wanted] of oldest.entries()) {
    const found = parts[place] ?? 0;
    if (found > wanted) return;
    if (found < wanted) throw tooOld(version);
  }
}

function tooOld(version: string): HandoverError {
  return new HandoverError('STORE_SQLITE_TOO_OLD', `This Node.js carries SQLite ${version}, which can lose committed data.`, {
    where: `Node.js ${process.version}`,
    hint: 'Use Node.js 22.23.3 or later, 24.21 or later, or 26: they carry SQLite 3.51.3 or later.',
  });
}
