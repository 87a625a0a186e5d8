import { HandoverError } from '../contract/errors.ts';
import type { PlannedStep, Step } from '../contract/plan.ts';
import { jsonOption, type Command } from './command.ts';
import { findOneOrder } from './find-order.ts';
import { withStore } from './open-shop.ts';
import { readPlace } from './place.ts';

/** Sends the buyer a mail of an order once more, as things stand now. */
export const resend: Command = {
  name: 'resend',
  summary: "Sends the buyer an order's newest mail once more, as things stand now",
  details: [
    'The mail is written anew: links work again, and what has been delivered since stands in it. It goes to the address the order\nhas now; correct that first with "correct-buyer".',
  ],
  operands: [{ name: 'ORDER' }],
  options: {
    outcome: { value: 'NAME', summary: 'The mail of this outcome, such as paid. Default: the newest' },
    json: jsonOption,
  },
  examples: ['npx handover resend K3M9-2QXT-7BHD'],

  async run(input, terminal) {
    const wanted = input.value('outcome');
    const { key, outcome } = await withStore(readPlace(input), async (store) => {
      const { order, steps } = await findOneOrder(store, input.operands[0] ?? '');
      const mails = steps.filter(({ verb, input: mail }) => verb === 'mail' && mail['kind'] === 'buyer');
      const last = mails.findLast(({ action }) => wanted === undefined || action === wanted);
      if (!last) throw noMail(order.id, mails);
      const again = repeatOf(last, new Date());
      await store.addSteps([again]);
      return { key: again.key, outcome: last.action };
    });
    if (input.has('json')) terminal.printJson({ step: key, outcome });
    else terminal.print(`The mail "${outcome}" is sent once more: ${key}`);
    return 0;
  },
};

/** A step of its own, so that its mail is another one than the first. */
function repeatOf({ orderId, verb, line, action, account, input, configVersion }: Step, now: Date): PlannedStep {
  const key = `${orderId}/mail/again/${action}/${now.toISOString()}`;
  return { key, orderId, verb, action, account, input, after: [], configVersion, ...(line !== undefined && { line }) };
}

function noMail(order: string, mails: readonly Step[]): HandoverError {
  const known = [...new Set(mails.map(({ action }) => action))];
  return new HandoverError('MAIL_UNKNOWN', `Order ${order} has no such mail.`, {
    hint:
      known.length === 0
        ? 'None was planned for it yet.'
        : `Give one of these: ${known.map((name) => `--outcome ${name}`).join(', ')}`,
  });
}
