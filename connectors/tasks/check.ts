import { isEmailAddress } from 'handover/contract';
import type { CheckContext, Finding } from 'handover/contract';
import type { TaskInput, TasksOptions } from './options.ts';

/** Whether everybody who is asked has an address that can be written to, and whether the hours make sense. */
export async function check({ options, used }: CheckContext<TasksOptions>): Promise<readonly Finding[]> {
  const findings = [
    ...addressOf('The account', options.assignee),
    ...used.flatMap(({ sku, input }) => checkUse(sku, input as unknown as TaskInput)),
  ];
  return findings.length > 0 ? findings : [{ ok: true, message: 'Everybody who is asked has an e-mail address.' }];
}

function checkUse(sku: string, { assignee, escalateTo, dueHours = 0, escalateAfterHours }: TaskInput): Finding[] {
  const findings = [...addressOf(sku, assignee), ...addressOf(sku, escalateTo)];
  if (escalateTo !== undefined && escalateAfterHours === undefined) {
    findings.push(
      bad(`${sku}: "escalateTo" is told nothing, since "escalateAfterHours" is missing.`, 'Add "escalateAfterHours".'),
    );
  }
  if (escalateAfterHours !== undefined && escalateAfterHours < dueHours) {
    findings.push(
      bad(`${sku}: somebody else is told before the task is due.`, 'Make "escalateAfterHours" at least as long as "dueHours".'),
    );
  }
  return findings;
}

function addressOf(whose: string, address: string | undefined): Finding[] {
  if (address === undefined || isEmailAddress(address)) return [];
  return [bad(`${whose}: "${address}" is no e-mail address that can be written to.`, 'Write it as name@example.org.')];
}

function bad(message: string, hint: string): Finding {
  return { ok: false, message, hint };
}
