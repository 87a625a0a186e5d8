import { check } from './check.ts';
import { assignRefund } from './assign-refund.ts';
import { correctBuyer } from './correct-buyer.ts';
import { decide } from './decide.ts';
import { extend } from './extend.ts';
import { giveBack } from './give-back.ts';
import { reissue } from './reissue.ts';
import { transfer } from './transfer.ts';
import type { Command } from './command.ts';
import { done } from './done.ts';
import { keysFind } from './keys-find.ts';
import { keysImport } from './keys-import.ts';
import { keysList } from './keys-list.ts';
import { order } from './order.ts';
import { orders } from './orders.ts';
import { release } from './release.ts';
import { retry } from './retry.ts';
import { status } from './status.ts';
import { work } from './work.ts';

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  check,
  status,
  orders,
  order,
  retry,
  release,
  done,
  decide,
  giveBack,
  extend,
  reissue,
  transfer,
  correctBuyer,
  assignRefund,
  keysImport,
  keysList,
  keysFind,
  work,
];
