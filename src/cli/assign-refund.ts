import { HandoverError } from '../contract/errors.ts';
import type { OrderRecord } from '../storage/store.ts';
import { decided } from '../wiring/own-events.ts';
import { becauseOption, byOption, jsonOption, type Command } from './command.ts';
import { decideOn, printDecided } from './staff-decision.ts';
import { readBecause, readStaffName } from './staff-name.ts';
import { UsageError } from './usage-error.ts';

/** Staff say which lines a partial refund was for. */
export const assignRefund: Command = {
  name: 'assign-refund',
  summary: 'Says which lines of an order a partial refund was for',
  details: [
    'Where neither the gateway nor the sum tells. The grants of these lines are taken back as after a refund, all others stay.\n"none": for no line, such as goodwill or shipping. Can be said again, and then counts anew.',
  ],
  operands: [{ name: 'ORDER' }],
  options: {
    lines: { value: 'NUMBERS', summary: 'Lines as 1 or 1,3, or "none". Required' },
    refund: { value: 'ID', summary: "The gateway's id of the refund. Default: the only one there is" },
    because: becauseOption,
    by: byOption,
    json: jsonOption,
  },
  examples: ['npx handover assign-refund K3M9-2QXT-7BHD --lines 2 --because "The booklet was out of print"'],

  async run(input, terminal) {
    const text = input.operands[0] ?? '';
    const staff = { by: readStaffName(input), because: readBecause(input, 'assign-refund') };
    const done = await decideOn(input, text, (record, now) => {
      const lines = readLines(input.value('lines'), record);
      return decided(record.order, 'refund.assigned', { ...staff, lines }, now, {
        reversal: findRefund(record, input.value('refund')),
      });
    });
    printDecided(`The refund is assigned, by ${staff.by}.`, done, input, terminal);
    return 0;
  },
};

function readLines(text: string | undefined, { order }: OrderRecord): number[] {
  if (text === undefined)
    throw new UsageError('ARGUMENT_MISSING', '"assign-refund" needs the lines: --lines 1,3 or --lines none');
  if (text === 'none') return [];
  const known = order.lines.map(({ line }) => line);
  const lines = text.split(',').map((part) => (/^\s*\d{1,4}\s*$/.test(part) ? Number(part) : 0));
  if (lines.every((line) => known.includes(line))) return [...new Set(lines)];
  throw new UsageError('OPTION_VALUE', `--lines takes lines of the order (${known.join(', ')}) or "none", not "${text}".`);
}

function findRefund({ order }: OrderRecord, wanted: string | undefined): string {
  const open = order.refunds.filter(({ reversal, lines }) => (wanted === undefined ? lines === undefined : reversal === wanted));
  const [refund] = open.length > 0 || wanted !== undefined ? open : order.refunds;
  if (refund && (open.length === 1 || (open.length === 0 && order.refunds.length === 1))) return refund.reversal;
  throw new HandoverError(
    'REFUND_UNKNOWN',
    `Order ${order.id} has ${open.length === 0 ? 'no such partial refund' : 'several partial refunds'}.`,
    {
      hint:
        order.refunds.length === 0
          ? 'See: npx handover order ORDER'
          : `Give one: ${order.refunds.map(({ reversal }) => `--refund ${reversal}`).join(', ')}`,
    },
  );
}
