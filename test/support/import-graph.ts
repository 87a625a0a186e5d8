import { posix } from 'node:path';
import ts from 'typescript';
import { readText } from './repository.ts';

/** One import statement: where it stands and what it names, a path from the root or a package. */
export interface Import {
  readonly from: string;
  readonly to: string;
  /** Gone at run time. */
  readonly typeOnly: boolean;
}

/** All that a source file imports, re-exports or loads with `import('…')`; `handover/…` stays a package name. */
export function importsOf(file: string): Import[] {
  const found: Import[] = [];
  const add = (name: ts.Expression | undefined, typeOnly: boolean): void => {
    if (name && ts.isStringLiteralLike(name)) found.push({ from: file, to: targetOf(file, name.text), typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest, true));
  return found;
}

function targetOf(file: string, name: string): string {
  return name.startsWith('.') ? posix.join(posix.dirname(file), name) : name;
}

/** Circles in the graph, each as the list of its files; a circle is told once. */
export function circlesIn(imports: readonly Import[]): string[][] {
  const next = Map.groupBy(imports, ({ from }) => from);
  const circles: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) circles.push([...trail.slice(start), file]);
    if (start >= 0 || done.has(file)) return;
    for (const { to } of next.get(file) ?? []) walk(to, [...trail, file]);
    done.add(file);
  };
  for (const file of next.keys()) walk(file, []);
  return circles;
}
