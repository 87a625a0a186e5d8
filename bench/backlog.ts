/**
 * A gateway sends everything of an outage again: 60,000 deliveries, three quarters of them repeats, to one process that takes
 * them and carries out the orders at the same time. `npm run bench backlog [-- --deliveries 60000 --connections 64 --markdown]`
 */
import { parseArgs } from 'node:util';
import { drainBacklog } from './support/backlog.ts';
import { machine, print } from './support/report.ts';

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '60000' },
    connections: { type: 'string', default: '64' },
    markdown: { type: 'boolean', default: false },
  },
});
const { statuses, ...drained } = await drainBacklog(Number(values.deliveries), { connections: Number(values.connections) });
const row = {
  deliveries: drained.deliveries,
  orders: drained.orders,
  'taken /s': drained.taken.perSecond,
  'all taken after s': Number(drained.taken.seconds.toFixed(1)),
  'orders done /s': drained.done.ordersPerSecond,
  'all done after s': Number(drained.done.seconds.toFixed(1)),
  'most memory MB': Math.round(drained.mostBytes / 1e6),
  'CPU s': Number(drained.cpuSeconds.toFixed(1)),
  parked: drained.parked,
};
print(
  { bench: 'backlog', rows: [row], summary: { ...machine(), connections: Number(values.connections), statuses } },
  values.markdown,
);
