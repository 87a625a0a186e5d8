import type { SiteTexts } from '../presentation/config-shapes.ts';
import { showTime } from '../presentation/show-values.ts';
import { commands } from './commands.ts';
import type { Fact } from './letter.ts';
import type { MailInput } from './mail-input.ts';
import { factsOf, nameOf, word, type Notice, type NoticeOrder } from './notice.ts';

/** `about`: `{ stage, step: its key, title, text, dueAt, facts, undoes }`. */
export function letterForTask(order: NoticeOrder, { about }: MailInput, { site }: SiteTexts): Notice {
  const title = word(about['title']);
  const key = word(about['step']);
  const due = word(about['dueAt']);
  const dueWords = due === '' ? '' : showTime(due, site);
  const number = order.view.number;
  const facts = [...ownFacts(about['facts']), { label: 'Due', value: dueWords }, ...factsOf(order)];
  const isUndone = about['undoes'] === true;
  const done = `When it is done, say so: ${isUndone ? commands.markDone(key) : doneCommand(order, key)}`;
  switch (word(about['stage'])) {
    case 'calledOff':
      return {
        subject: `Not needed any more: ${title} for order ${number}`,
        text: `The payment of ${nameOf(order.view)} does not stand any more. Please leave it: ${title}.`,
        steps: [],
        facts: factsOf(order),
      };
    case 'due':
      return {
        subject: `Due now: ${title} for order ${number}`,
        text: [`${nameOf(order.view)} is waiting, and nobody has said yet that it is done: ${title}.`, word(about['text'])]
          .filter(Boolean)
          .join('\n\n'),
        steps: [done],
        facts,
      };
    case 'escalated':
      return {
        subject: `Still open: ${title} for order ${number}`,
        text: `${nameOf(order.view)} paid and is waiting. Somebody was asked and reminded, and it is not done yet: ${title}.`,
        steps: ['Please see to it that it is done, or do it yourself.', done],
        facts,
      };
    default:
      return {
        subject: `For you: ${title}, order ${number}`,
        text: [word(about['text']) || `${nameOf(order.view)} bought something that needs a person: ${title}.`].join('\n\n'),
        steps: [`Do it: ${title}.`, done],
        facts,
      };
  }
}

/** A reminder comes too late when the task is done, called off or gone. */
export function isTaskOver({ record }: NoticeOrder, { about }: MailInput): boolean {
  if (word(about['stage']) === 'calledOff') return false;
  const step = record.steps.find(({ key }) => key === word(about['step']));
  return step === undefined || step.state === 'done' || step.state === 'cancelled';
}

function doneCommand({ record }: NoticeOrder, key: string): string {
  const isShipping = record.steps.find((each) => each.key === key)?.action.endsWith('.ship') === true;
  return isShipping ? `npx handover done "${key}" --because "Sent" --carrier NAME --tracking NUMBER` : commands.markDone(key);
}

function ownFacts(facts: unknown): Fact[] {
  return Array.isArray(facts)
    ? facts.map((fact: Readonly<Record<string, unknown>>) => ({ label: word(fact['label']), value: word(fact['value']) }))
    : [];
}
