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

/** Commands that answer one need, under one heading of the help. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly Command[];
}

/** All commands, in the order of the help and of docs/cli.md. */
export const commandGroups: readonly CommandGroup[] = [
  { title: 'Looking', commands: [check, status, orders, order, stock] },
  { title: 'What waits for a person', commands: [retry, release, done, resend, replay] },
  { title: 'Decisions after a sale', commands: [decide, giveBack, extend, reissue, transfer, correctBuyer, assignRefund, give] },
  { title: 'Money', commands: [confirm, statement, cancel, refund, sweep, exportMoney] },
  { title: 'Keys and files', commands: [keysImport, keysList, keysFind, activation, releaseNotes] },
  { title: "Buyers' data", commands: [buyerExport, buyerErase] },
  { title: 'The store', commands: [backup, restore, move] },
  { title: 'Building and running', commands: [newConnector, work] },
];

export const commands: readonly Command[] = commandGroups.flatMap((group) => group.commands);
