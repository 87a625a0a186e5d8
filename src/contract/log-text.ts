/**
 * Words of another system as they may stand in a log: mail addresses are taken out, and of web addresses all but the host,
 * since both tell who bought what. The whole words stand in the order's history, for staff.
 */
export function logText(text: string): string {
  return text
    .slice(0, 500)
    .replace(/\b(https?:\/\/[^\s"'<>/?#]+)[^\s"'<>]*/gi, '$1')
    .replace(/[^\s"'<>(),;:]+@[^\s"'<>(),;:]+/g, '[address]');
}
