import { HandoverError } from '../contract/errors.ts';
import type { OrderRecord } from '../storage/store.ts';
import { decided } from '../wiring/own-events.ts';
import { becauseOption, byOption, jsonOption, type Command, type Input } from './command.ts';
import { readPerson } from './read-person.ts';
import { decideOn, printDecided } from './staff-decision.ts';
import { readBecause, readStaffName } from './staff-name.ts';
import { UsageError } from './usage-error.ts';

/** Staff give what was bought to another person. */
export const transfer: Command = {
  name: 'transfer',
  summary: 'Gives a line of an order, or one unit of it, to another person',
  details: ['What the one has is taken back, then the other one gets it. Mails about the payment still go to the buyer.'],
  operands: [{ name: 'ORDER' }],
  options: {
    to: { value: 'E-MAIL', summary: 'Who gets it; "buyer" for the buyer again. Required' },
    name: { value: 'TEXT', summary: 'The name of that person' },
    line: { value: 'NUMBER', summary: 'The line of the order. Default: 1 where there is only one' },
    unit: { value: 'NUMBER', summary: 'Only this one of the line. Default: all of it' },
    because: becauseOption,
    by: byOption,
    json: jsonOption,
  },
  examples: [
    'npx handover transfer K3M9-2QXT-7BHD --line 1 --unit 2 --to bo@example.org --name "Bo Example" --because "Left the company"',
  ],

  async run(input, terminal) {
    const text = input.operands[0] ?? '';
    const to = input.value('to');
    if (to === undefined) throw new UsageError('ARGUMENT_MISSING', '"transfer" needs a person: --to E-MAIL');
    const person = to === 'buyer' ? undefined : readPerson(to, input);
    const staff = { by: readStaffName(input), because: readBecause(input, 'transfer') };
    const done = await decideOn(input, text, (record, now) => {
      const lines = [lineOf(record, input)];
      const unit = unitOf(record, lines[0] ?? 1, input);
      return decided(
        record.order,
        'learner.assigned',
        { ...staff, lines, ...(unit !== undefined && { unit }), ...(person && { person }) },
        now,
      );
    });
    printDecided(`${to} gets it, decided by ${staff.by}.`, done, input, terminal);
    return 0;
  },
};

function lineOf({ order }: OrderRecord, input: Input): number {
  const text = input.value('line');
  const [only] = order.lines;
  if (text === undefined && order.lines.length === 1 && only) return only.line;
  const line = order.lines.find((each) => String(each.line) === text);
  if (line) return line.line;
  throw new HandoverError('LINE_UNKNOWN', `Order ${order.id} has no line "${text ?? ''}".`, {
    hint: `Give one of its lines: ${order.lines.map((each) => `--line ${each.line} (${each.title})`).join(', ')}`,
  });
}

function unitOf({ order }: OrderRecord, number: number, input: Input): number | undefined {
  const text = input.value('unit');
  if (text === undefined) return undefined;
  const { quantity = 0 } = order.lines.find(({ line }) => line === number) ?? {};
  const unit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (unit >= 1 && unit <= quantity) return unit;
  throw new UsageError('OPTION_VALUE', `--unit takes a number from 1 to ${quantity}, not "${text}".`);
}
