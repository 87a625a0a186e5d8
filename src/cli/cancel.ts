import { becauseOption, byOption, jsonOption, type Command } from './command.ts';
import { findOneOrder } from './find-order.ts';
import { withOfflineDesk } from './offline-desk.ts';
import { readPlace } from './place.ts';
import { readBecause, readStaffName } from './staff-name.ts';

/** Nobody waits for the money any more. */
export const cancel: Command = {
  name: 'cancel',
  summary: 'Ends an offline order that is not paid',
  details: [
    'The buyer is told as for an order that has expired. Money that comes all the same still counts once staff confirm it.',
  ],
  operands: [{ name: 'ORDER' }],
  options: { because: becauseOption, by: byOption, json: jsonOption },
  examples: ['npx handover cancel K3M9-2QXT-7BHD --because "The buyer called"'],

  async run(input, terminal) {
    const because = readBecause(input, 'cancel');
    const by = readStaffName(input);
    const { isNew, order } = await withOfflineDesk(readPlace(input), async (desk, app) => {
      const { order: found } = await findOneOrder(app.store, input.operands[0] ?? '');
      return desk.cancel(found.id, { by, because, at: app.now() });
    });
    if (input.has('json')) terminal.printJson({ order: order.id, status: order.status, changed: isNew });
    else terminal.print(`Order ${order.id} ${isNew ? 'is cancelled' : 'was cancelled before'}; it is ${order.status}.`);
    return 0;
  },
};
