import ts from 'typescript';
import { readText } from './repository.ts';

const code = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;
/** Where a code of one word is a code too. */
const makers = /^(giveUp|tryLater|refused|\w*Error)$/;
/** Codes of Node, of its network and of SQLite; names of WebMoney's fields. */
const foreign = /^(ERR|EAI|SQLITE|LMI)_/;
/** Functions that ask about a code instead of making one. */
const asking = new Set(['hasCode', 'includes', 'has', 'get', 'Set', 'startsWith']);

/**
 * The error codes a source file makes: texts such as `'BODY_TOO_LARGE'` that are handed to a function or constructor, stand
 * as the value of something called `code`, or are returned. A text that is only compared with is not one. A code whose end is
 * computed ends in `*`.
 */
export function codesMadeIn(file: string): string[] {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && (isCode(node) || isFirstOfMaker(node))) found.add(node.text);
    if (ts.isTemplateExpression(node) && isFirstOfMaker(node)) found.add(`${node.head.text}*`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest, true));
  return [...found];
}

function isCode(node: ts.StringLiteralLike): boolean {
  return code.test(node.text) && !foreign.test(node.text) && isMade(node);
}

function isFirstOfMaker(node: ts.StringLiteralLike | ts.TemplateExpression): boolean {
  const { parent } = node;
  if (!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) return false;
  const text = ts.isTemplateExpression(node) ? node.head.text : node.text;
  return parent.arguments?.[0] === node && makers.test(parent.expression.getText()) && /^[A-Z][A-Z0-9_]+$/.test(text);
}

function isMade(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent)) return isMade(parent);
  if (ts.isConditionalExpression(parent)) return parent.condition !== node && isMade(parent);
  if (ts.isBinaryExpression(parent)) return isFallback(parent) && isMade(parent);
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
    return parent.expression !== node && !asking.has(parent.expression.getText().split('.').at(-1) ?? '');
  }
  if (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent) || ts.isParameter(parent)) {
    return parent.initializer === node && /^(code|error|\w+Code)$/.test(parent.name.getText());
  }
  return ts.isReturnStatement(parent) || ts.isArrowFunction(parent);
}

function isFallback({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
}
