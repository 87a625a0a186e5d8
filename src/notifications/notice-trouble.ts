import type { SiteTexts } from '../presentation/config-shapes.ts';
import { showTime } from '../presentation/show-values.ts';
import { commands } from './commands.ts';
import type { MailInput } from './mail-input.ts';
import { factsOf, nameOf, titlesOf, word, type Notice, type NoticeOrder } from './notice.ts';

/** `about`: `{ id, gateway, deliveryId, receivedAt, attempts, code, message, hint }`. */
export function letterForCallback({ about }: MailInput, { site }: SiteTexts): Notice {
  const id = word(about['id']);
  const gateway = word(about['gateway']);
  const received =
    typeof about['receivedAt'] === 'number'
      ? showTime(new Date(about['receivedAt']).toISOString(), site)
      : word(about['receivedAt']);
  return {
    subject: `Needs you: a callback from ${gateway} could not be read`,
    text: [
      `The gateway ${gateway} reported something about money. The report is genuine and kept safe, but it could not be turned into an order, so a buyer may be waiting.`,
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

/** `about`: `{ pool, left, lowStock }` of keys; with `capacity` and `skus`, of places or pieces. */
export function letterForStock({ about }: MailInput): Notice {
  const pool = word(about['pool']);
  const left = Number(about['left'] ?? 0);
  if (about['capacity'] !== undefined) return letterForUnits(pool, left, about);
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

function letterForUnits(pool: string, left: number, about: MailInput['about']): Notice {
  const capacity = word(about['capacity']);
  return {
    subject: left <= 0 ? `Sold out: "${pool}"` : `Only ${left} left of "${pool}"`,
    text:
      left <= 0
        ? `All ${capacity} of "${pool}" are sold. Buyers are told so before they pay. What is paid all the same is held for you.`
        : `Of ${capacity} of "${pool}", ${left} ${left === 1 ? 'is' : 'are'} left.`,
    steps: ['To sell more, raise "capacity" under "stock" in the product file.', `See who holds what: npx handover stock`],
    facts: [
      { label: 'Stock', value: pool },
      { label: 'Products', value: word(about['skus']) },
      { label: 'Left', value: String(left) },
    ],
  };
}

/** `about`: `{ step: its key, verb, action, attempts, code, message, hint }`; the step itself, where it is known, says it better. */
export function letterForParkedStep(order: NoticeOrder | undefined, { about, lines }: MailInput, { site }: SiteTexts): Notice {
  const key = word(about['step']);
  const step = order?.record.steps.find((each) => each.key === key);
  const line = step?.line ?? lines[0];
  const item = order?.view.items.find((each) => each.line === line);
  const verb = verbs[step?.verb ?? word(about['verb'])] ?? 'carry out';
  const what = order ? `${verb} ${item?.title ?? titlesOf(order.view)}` : `${verb} ${word(about['action'])}`;
  return {
    subject: order ? `Needs you: ${what} for order ${order.view.number}` : `Needs you: ${what}`,
    text: [
      order ? `${why(verb, order)}, and we could not ${what}.` : `We could not ${what}.`,
      `What went wrong: ${(step?.error?.message ?? word(about['message'])) || 'no reason was recorded.'}`,
      tried(step?.attempts ?? about['attempts']),
    ].join('\n\n'),
    steps: [
      step?.error?.hint ?? word(about['hint']),
      ...(key === '' ? [] : [`Then put it back on the schedule: ${commands.retryStep(key)}`]),
      ...(step?.verb === 'grant' ? [`Or do it by hand, and say so: ${commands.markDone(key)}`] : []),
    ].filter(Boolean),
    facts: [
      ...(order ? factsOf(order) : []),
      { label: 'Action', value: step?.action ?? word(about['action']) },
      { label: 'Code', value: step?.error?.code ?? word(about['code']) },
      { label: 'Last attempt', value: step ? showTime(new Date(step.updatedAt).toISOString(), site) : '' },
    ],
  };
}

function why(verb: string, { view }: NoticeOrder): string {
  if (verb === verbs['revoke'] || verb === verbs['suspend']) return `The payment of ${nameOf(view)} does not stand any more`;
  return view.status === 'paid' ? `${nameOf(view)} paid` : `It is about the order of ${nameOf(view)}`;
}

const verbs: Readonly<Record<string, string>> = {
  grant: 'deliver',
  revoke: 'take back',
  suspend: 'pause',
  resume: 'open again',
  renew: 'renew',
  mail: 'send the mail about',
  notice: 'send the notice about',
};

/** "It was tried 9 times …" */
function tried(attempts: unknown): string {
  const count = typeof attempts === 'number' ? attempts : 0;
  if (count <= 0) return 'It was not tried again, since trying cannot help.';
  return count === 1
    ? 'It was tried once; trying again cannot help by itself.'
    : `It was tried ${count} times and is not tried again by itself.`;
}
