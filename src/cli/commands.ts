import { backup } from './backup.ts';
import { buyerErase } from './buyer-erase.ts';
import { buyerExport } from './buyer-export.ts';
import { activation } from './activation.ts';
import { cancel } from './cancel.ts';
import { check } from './check.ts';
import { confirm } from './confirm.ts';
import { assignRefund } from './assign-refund.ts';
import { correctBuyer } from './correct-buyer.ts';
import { decide } from './decide.ts';
import { extend } from './extend.ts';
import { giveBack } from './give-back.ts';
import { reissue } from './reissue.ts';
import { transfer } from './transfer.ts';
import type { Command } from './command.ts';
import { done } from './done.ts';
import { exportMoney } from './export.ts';
import { give } from './give.ts';
import { keysFind } from './keys-find.ts';
import { keysImport } from './keys-import.ts';
import { keysList } from './keys-list.ts';
import { move } from './move.ts';
import { newConnector } from './new-connector.ts';
import { order } from './order.ts';
import { orders } from './orders.ts';
import { refund } from './refund.ts';
import { release } from './release.ts';
import { replay } from './replay.ts';
import { releaseNotes } from './release-notes.ts';
import { restore } from './restore.ts';
import { resend } from './resend.ts';
import { retry } from './retry.ts';
import { statement } from './statement.ts';
import { stock } from './stock.ts';
import { status } from './status.ts';
import { sweep } from './sweep.ts';
import { work } from './work.ts';

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  check,
  status,
  orders,
  order,
  retry,
  replay,
  resend,
  release,
  done,
  decide,
  giveBack,
  extend,
  reissue,
  transfer,
  correctBuyer,
  assignRefund,
  confirm,
  statement,
  cancel,
  refund,
  give,
  sweep,
  exportMoney,
  stock,
  keysImport,
  keysList,
  keysFind,
  activation,
  releaseNotes,
  buyerExport,
  buyerErase,
  backup,
  restore,
  move,
  newConnector,
  work,
];
