import { tasks } from '../../connectors/tasks/index.ts';
import { createTestTasks } from '../../src/testing/desks.ts';
import { startKeySource } from '../../src/testing/key-source/index.ts';
import { connectorSuite, type ConnectorUnderTest } from '../../src/testing/suites/connector-suite.ts';

const now = () => new Date('2026-03-10T12:00:00Z');
const input = { title: 'Pack the book', assignee: 'pack@example.org', dueHours: 48 };

async function open(): Promise<ConnectorUnderTest> {
  const elsewhere = await startKeySource();
  const people = createTestTasks();
  return {
    options: { carriers: { DHL: 'https://carrier.example.com/{{tracking}}' } },
    input,
    effects: () => [...people.standing],
    given: { tasks: people },
    secrets: () => [],
    faults: elsewhere.faults,
    now,
    wrong: [
      { name: 'an address nobody can write to', input: { ...input, assignee: 'pack@example' } },
      { name: 'somebody to tell and no time for it', input: { ...input, escalateTo: 'office@example.org' } },
      { name: 'somebody told too early', input: { ...input, escalateAfterHours: 1 } },
      { name: 'an account whose address is wrong', options: { assignee: 'nobody' } },
    ],
    close: () => elsewhere.close(),
  };
}

for (const action of ['do', 'ship']) {
  connectorSuite({ name: `tasks.${action}`, connector: tasks, action, open });
}
