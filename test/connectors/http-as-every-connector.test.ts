import type { Connector } from 'handover/contract';
import { http } from '../../connectors/http/index.ts';
import type { ActionSettings, HttpOptions } from '../../connectors/http/options.ts';
import { jsonReply } from '../../src/testing/double-server.ts';
import { formUser } from '../../src/testing/http-target/forms.ts';
import { startHttpTarget, type HttpTarget, type HttpTargetOptions } from '../../src/testing/http-target/index.ts';
import { connectorSuite, type ConnectorUnderTest } from '../../src/testing/suites/connector-suite.ts';
import { enrol, enrolByForm, found, optionsFor } from './http-site.ts';

const now = () => new Date('2026-03-01T12:00:00Z');
const connector = http as unknown as Connector<never>;
const secret = 'c5e1-client-secret';
const oauth: HttpTargetOptions['auth'] = { kind: 'oauth', clientId: 'shop', clientSecret: secret };
const input = { course: 'ts-101', days: 365 };

async function underTest(
  target: HttpTarget,
  options: HttpOptions,
  given: object,
  more: Partial<ConnectorUnderTest>,
): Promise<ConnectorUnderTest> {
  const { id } = target.addUser('bystander.ada@example.org');
  target.addSeat('ts-101', id);
  return {
    options,
    input: { ...given },
    effects: () => target.books.seats,
    traces: () => target.books.users,
    secrets: () => [secret, formUser.password, ...target.tokens()],
    faults: target.faults,
    now,
    wrong: [
      { name: 'an address where nobody is', options: { ...options, baseUrl: 'http://127.0.0.1:9/api' } },
      { name: 'an address inside that is not listed', options: { ...options, allowPrivate: [] } },
    ],
    close: () => target.close(),
    ...more,
  };
}

async function openRest(action: ActionSettings, switches: HttpTargetOptions): Promise<ConnectorUnderTest> {
  const target = await startHttpTarget({ auth: oauth, now, ...switches });
  const auth = { kind: 'oauth', tokenUrl: target.tokenUrl, clientId: 'shop', clientSecret: secret } as const;
  const options = optionsFor(target.apiUrl, { auth, actions: { enrol: action } });
  const bad = { name: 'a wrong secret', options: { ...options, auth: { ...auth, clientSecret: 'wrong' } } };
  const test = await underTest(target, options, input, { failure: jsonReply({ error: 'busy' }) });
  return { ...test, wrong: [...test.wrong, bad] };
}

const classes: readonly [string, ActionSettings, HttpTargetOptions][] = [
  ['set', enrol, {}],
  ['keyed', { ...enrol, repeats: 'keyed' }, { deduplicates: true }],
  ['check', { ...enrol, repeats: 'check', find: found }, { refusesRepeats: true }],
  ['blind', { ...enrol, repeats: 'blind' }, { addsSeats: true }],
];

for (const [repeats, action, switches] of classes) {
  connectorSuite({
    name: `http, a REST interface with an OAuth token (${repeats})`,
    connector,
    action: 'enrol',
    options: { actions: { enrol: action } },
    open: () => openRest(action, switches),
  });
}

connectorSuite({
  name: 'http, the forms of an old system',
  connector,
  action: 'enrol',
  options: { actions: { enrol: enrolByForm } },
  async open() {
    const target = await startHttpTarget({ now });
    const options = optionsFor(target.formsUrl, {
      cookies: true,
      charset: 'iso-8859-1',
      secrets: { password: formUser.password },
      actions: { enrol: enrolByForm },
    });
    return underTest(target, options, { course: 'ts-101' }, {});
  },
});
