const oldestNode = [22, 18];
const oldestSqlite = [3, 51, 3];

/** Why this Node.js cannot run Handover, as one line to print; undefined when it can. */
export function findRuntimeFault(versions: { readonly node: string; readonly sqlite?: string | undefined }): string | undefined {
  if (isBefore(versions.node, oldestNode)) {
    return line('NODE_TOO_OLD', `Handover needs Node.js 22.18 or later; this is ${versions.node}. Install a newer one, e.g. 24.`);
  }
  if (versions.sqlite !== undefined && isBefore(versions.sqlite, oldestSqlite)) {
    const found = `Node.js ${versions.node} carries SQLite ${versions.sqlite}, which can lose committed data.`;
    return line('STORE_SQLITE_TOO_OLD', `${found} Use Node.js 22.23.3 or later, 24.21 or later, or 26.`);
  }
  return undefined;
}

function line(code: string, message: string): string {
  return `${code}  ${message}`;
}

function isBefore(version: string, oldest: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [place, wanted] of oldest.entries()) {
    const found = parts[place] ?? 0;
    if (found !== wanted) return found < wanted;
  }
  return false;
}
