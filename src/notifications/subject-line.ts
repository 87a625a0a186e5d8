/** One line, no control characters, at most 200 characters. */
export function subjectLine(text: string): string {
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return Array.from(line).slice(0, 200).join('');
}
