import { check } from './check.ts';
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
  keysImport,
  keysList,
  keysFind,
  work,
];
