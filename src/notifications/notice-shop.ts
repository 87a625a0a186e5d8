import type { SiteTexts } from '../presentation/config-shapes.ts';
import { showTime } from '../presentation/show-values.ts';
import { commands } from './commands.ts';
import type { MailInput } from './mail-input.ts';
import type { Notice } from './notice-letter.ts';

/** `about`: `{ id, gateway, deliveryId, receivedAt, attempts, code, message, hint }`. */
export function letterForCallback({ about }: MailInput, { site }: SiteTexts): Notice {
  const id = word(about['id']);
  const gateway = word(about['gateway']) || 'a gateway';
  const received =
    typeof about['receivedAt'] === 'number'
      ? showTime(new Date(about['receivedAt']).toISOString(), site)
      : word(about['receivedAt']);
  return {
    subject: `Needs you: a callback from ${gateway} could not be read`,
    text: [
      `${gateway} reported something about money. The report is genuine and kept safe, but it could not be turned into an order, so a buyer may be waiting.`,
      `What went wrong: ${word(about['message']) || 'no reason was recorded.'}`,
      tried(about['attempts']),
    ].join('\n\n'),
    steps: [word(about['hint']), `Then put it back on the schedule: ${commands.retryCallback(id)}`].filter(Boolean),
    facts: [
      { label: 'Callback', value: id },
      { label: 'Gateway', value: gateway },
      { label: 'Delivery', value: word(about['deliveryId']) },
      { label: 'Received', value: received },
      { label: 'Code', value: word(about['code']) },
    ],
  };
}

/** `about`: `{ pool, left, lowStock }`. */
export function letterForStock({ about }: MailInput): Notice {
  const pool = word(about['pool']);
  const left = Number(about['left'] ?? 0);
  const isOut = left <= 0;
  return {
    subject: isOut ? `Needs you: no keys left in "${pool}"` : `Only ${left} ${left === 1 ? 'key' : 'keys'} left in "${pool}"`,
    text: isOut
      ? `The key pool "${pool}" is empty. Buyers who are waiting for a key get it by themselves as soon as there are new ones.`
      : `The key pool "${pool}" is running low: ${left} ${left === 1 ? 'key is' : 'keys are'} left. Nothing has stopped yet.`,
    steps: [`Add new keys: ${commands.importKeys(pool)}`],
    facts: [
      { label: 'Pool', value: pool },
      { label: 'Keys left', value: String(left) },
      { label: 'Warns below', value: word(about['lowStock']) },
    ],
  };
}

/** "It was tried 9 times." */
export function tried(attempts: unknown): string {
  const count = typeof attempts === 'number' ? attempts : 0;
  if (count <= 0) return 'It was not tried again, since trying cannot help.';
  return count === 1
    ? 'It was tried once; trying again cannot help by itself.'
    : `It was tried ${count} times and is not tried again by itself.`;
}

export function word(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
