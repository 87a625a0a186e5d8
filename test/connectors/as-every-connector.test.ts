import type { Connector } from 'handover/contract';
import { axisLms, type AxisOptions } from '../../connectors/axis-lms/index.ts';
import { moodle, type MoodleOptions } from '../../connectors/moodle/index.ts';
import { testPro, type TestProOptions } from '../../connectors/test-pro/index.ts';
import { startAxisLms } from '../../src/testing/axis-lms/index.ts';
import { jsonReply } from '../../src/testing/double-server.ts';
import { startKeySource } from '../../src/testing/key-source/index.ts';
import { startMoodle } from '../../src/testing/moodle/index.ts';
import { connectorSuite, type ConnectorUnderTest } from '../../src/testing/suites/connector-suite.ts';

const now = () => new Date('2026-03-01T12:00:00Z');
const any = (connector: Connector<never> | Connector<MoodleOptions> | Connector<AxisOptions> | Connector<TestProOptions>) =>
  connector as Connector<never>;

/** A site with the course TS-101, its teacher, a group, a cohort, and a bystander who is in all of them. */
async function openMoodle(
  version: '4.3' | '4.5',
  input: ConnectorUnderTest['input'],
  changes: Partial<MoodleOptions> = {},
): Promise<ConnectorUnderTest> {
  const lms = await startMoodle({ version, now });
  const courseId = lms.addCourse({ idnumber: 'TS-101', fullname: 'TypeScript in a week', hasTeacher: true });
  const groupId = lms.addGroup({ courseId, name: 'Spring', idnumber: 'S1' });
  const cohortId = lms.addCohort({ idnumber: 'members' });
  lms.allow('moodle/cohort:view');
  const userId = lms.addUser({ email: 'bystander@example.org' });
  lms.addEnrolment({ userId, courseId });
  lms.addToGroup(groupId, userId);
  lms.addToCohort(cohortId, userId);
  if ('group' in input) lms.addEnrolment({ userId: lms.addUser({ email: 'ada@example.org' }), courseId });
  const options: MoodleOptions = { baseUrl: lms.url, token: lms.token, requestTimeoutSeconds: 5, ...changes };
  return {
    options,
    input,
    effects: () => ({ enrolments: lms.books.enrolments, groups: lms.books.groups, cohorts: lms.books.cohorts }),
    traces: () => ({ users: lms.books.users, mails: lms.books.mails }),
    secrets: () => lms.books.secrets,
    faults: lms.faults,
    now,
    failure: jsonReply({ exception: 'dml_connection_exception', errorcode: 'dbconnectionfailed', message: '<p>Error</p>' }),
    wrong: [
      { name: 'a bad token', options: { ...options, token: 'f'.repeat(32) } },
      { name: 'a missing right', prepare: () => lms.forbid('moodle/user:create') },
      {
        name: 'an unknown course or cohort',
        input: { ...input, ...('cohort' in input ? { cohort: 'x' } : { course: 'TS-999' }) },
      },
    ],
    close: () => lms.close(),
  };
}

const year = { course: 'TS-101', days: 365 };
connectorSuite({ name: 'moodle.enrol (4.5)', connector: any(moodle), action: 'enrol', open: () => openMoodle('4.5', year) });
connectorSuite({
  name: 'moodle.enrol (4.3)',
  connector: any(moodle),
  action: 'enrol',
  open: () => openMoodle('4.3', year, { password: 'random' }),
});
connectorSuite({
  name: 'moodle.addToCohort',
  connector: any(moodle),
  action: 'addToCohort',
  open: () => openMoodle('4.5', { cohort: 'members' }),
});
connectorSuite({
  name: 'moodle.addToGroup',
  connector: any(moodle),
  action: 'addToGroup',
  open: () => openMoodle('4.5', { course: 'TS-101', group: 'S1' }),
});

async function openAxis(input: ConnectorUnderTest['input'], unknown: ConnectorUnderTest['input']): Promise<ConnectorUnderTest> {
  const lms = await startAxisLms({ timeZone: 'UTC', now });
  lms.addCourse({ name: 'TypeScript in a week' });
  lms.addUsergroup('Spring class');
  const bystander = lms.addUser({ username: 'bystander@example.org' });
  lms.addEnrolment({ userId: bystander.id, courseId: '17', start: '20260101' });
  const options: AxisOptions = { baseUrl: lms.url, apiKey: lms.apiKey, requestTimeoutSeconds: 1 };
  return {
    options,
    input,
    effects: () => ({ enrolments: lms.books.enrolments, groups: lms.books.usergroups }),
    traces: () => ({ users: lms.books.users, notifications: lms.books.notifications }),
    secrets: () => lms.books.secrets,
    faults: lms.faults,
    now,
    failure: jsonReply({ status: '500', error: 'Please try again.' }),
    wrong: [
      { name: 'a bad key', options: { ...options, apiKey: 'wrong' } },
      { name: 'an unknown course or group', input: unknown },
    ],
    close: () => lms.close(),
  };
}

connectorSuite({
  name: 'axis-lms.enrol',
  connector: any(axisLms),
  action: 'enrol',
  open: () => openAxis({ course: '17', days: 365 }, { course: '99' }),
});
connectorSuite({
  name: 'axis-lms.addToGroup',
  connector: any(axisLms),
  action: 'addToGroup',
  open: () => openAxis({ group: 'Spring class' }, { group: 'Nobody' }),
});

async function openKeySource(deduplicates: boolean): Promise<ConnectorUnderTest> {
  const secret = 'Bearer 5f1d7c0e9b';
  const source = await startKeySource({ deduplicates, authorization: secret, now, answer: 'json' });
  const settings = {
    kind: 'http',
    url: source.url,
    revokeUrl: source.revokeUrl,
    answer: { jsonPointer: '/activation/key' },
    secretHeaders: { authorization: secret },
    deduplicates,
    timeoutSeconds: 5,
  };
  const options = { sources: { main: settings } };
  return {
    options,
    input: { source: 'main' },
    effects: () => source.books.issued.filter(({ isRevoked }) => !isRevoked).map(({ key }) => key),
    revokeIsToldBy: 'status',
    secrets: () => [secret, ...source.books.issued.map(({ key }) => key)],
    faults: source.faults,
    now,
    wrong: [
      { name: 'an unknown source', input: { source: 'other' } },
      { name: 'an address without TLS', options: { sources: { main: { ...settings, url: 'http://keys.example.com/' } } } },
    ],
    close: () => source.close(),
  };
}

for (const deduplicates of [true, false]) {
  connectorSuite({
    name: `test-pro.issueKey from an address that ${deduplicates ? 'recognises' : 'does not recognise'} repeats`,
    connector: any(testPro),
    action: 'issueKey',
    open: () => openKeySource(deduplicates),
  });
}
