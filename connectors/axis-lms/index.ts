import { defineConnector, type Connector } from 'handover/contract';
import { addToGroupAction } from './add-to-group.ts';
import { checkAccount } from './check.ts';
import { connectAxis } from './connect.ts';
import { enrolAction } from './enrol.ts';
import { enrolPathAction } from './enrol-path.ts';
import { optionsSchema, type AxisOptions } from './options.ts';
import type { Connect } from './port.ts';

export type { AxisOptions } from './options.ts';
export type { AxisApi, AxisContext, AxisUser, Connect, Enrolled, Memberships, Target } from './port.ts';

/** Axis LMS: course seats, learning paths and usergroups, over its REST API or the older Legacy API. */
export const axisLms = createAxisLms();

/** The connector over another implementation of the port: for a system that answers at an address of its own. */
export function createAxisLms(connect: Connect = connectAxis): Connector<AxisOptions> {
  return defineConnector<AxisOptions>({
    name: 'axis-lms',
    aliases: ['weblearning'],
    summary: 'Axis LMS by Atrixware: course seats, learning paths, usergroups',
    options: optionsSchema,
    actions: {
      enrol: enrolAction(connect),
      enrolPath: enrolPathAction(connect),
      addToGroup: addToGroupAction(connect),
    },
    check: (context) => checkAccount(context, connect),
  });
}
