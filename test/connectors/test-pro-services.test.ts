import type { Connector } from 'handover/contract';
import { expect } from 'chai';
import { requestHash } from '../../connectors/test-pro/fastspring-source.ts';
import { testPro } from '../../connectors/test-pro/index.ts';
import { startFastspringGenerator } from '../../src/testing/key-services/fastspring-generator.ts';
import { startKeygen } from '../../src/testing/key-services/keygen.ts';
import { testContext } from '../../src/testing/action-context.ts';
import { connectorSuite } from '../../src/testing/suites/connector-suite.ts';
import type { IssueKey } from './test-pro-context.ts';

const now = () => new Date('2026-03-01T12:00:00Z');
const connector = testPro as Connector<never>;
const action = 'issueKey';
const issueKey = testPro.actions['issueKey'] as unknown as IssueKey;

connectorSuite({
  name: 'test-pro.issueKey from Keygen',
  connector,
  action,
  async open() {
    const keygen = await startKeygen({ now });
    const { baseUrl, account, policy, token } = keygen;
    const main = { kind: 'keygen', baseUrl, account, policy, token, timeoutSeconds: 5 };
    const options = { sources: { main } };
    return {
      options,
      input: { validDays: 30 },
      effects: () => keygen.licences.map(({ key, expiry }) => ({ key, expiry })),
      revokeIsToldBy: 'status' as const,
      secrets: () => [token, ...keygen.licences.map(({ key }) => key)],
      faults: keygen.faults,
      now,
      wrong: [
        { name: 'a bad token', options: { sources: { main: { ...main, token: 'wrong' } } } },
        { name: 'an unknown policy', options: { sources: { main: { ...main, policy: 'none' } } } },
        { name: 'an unknown account', options: { sources: { main: { ...main, account: 'none' } } } },
      ],
      close: () => keygen.close(),
    };
  },
});

for (const deduplicates of [true, false]) {
  connectorSuite({
    name: `test-pro.issueKey from a program for FastSpring that ${deduplicates ? 'recognises' : 'does not recognise'} repeats`,
    connector,
    action,
    async open() {
      const generator = await startFastspringGenerator({ deduplicates });
      const { url, revokeUrl, privateKey } = generator;
      const main = { kind: 'fastspring', url, revokeUrl, privateKey, deduplicates, timeoutSeconds: 5 };
      return {
        options: { sources: { main } },
        input: {},
        effects: () => generator.issued.filter(({ isRevoked }) => !isRevoked).map(({ key }) => key),
        revokeIsToldBy: 'status' as const,
        secrets: () => [privateKey, ...generator.issued.map(({ key }) => key)],
        faults: generator.faults,
        now,
        wrong: [{ name: 'an address without TLS', options: { sources: { main: { ...main, url: 'http://keys.example.com/' } } } }],
        close: () => generator.close(),
      };
    },
  });
}

describe('Keys from services', () => {
  it('hash the parameters in the order of their names, the private key last', () => {
    expect(requestHash({ quantity: '1', email: 'a@b.c' }, 'secret')).to.equal('819aa736ba8f5ecf07cdfd3a21be4c24'); // md5sum of a@b.c1secret
  });

  it('find the licence of a step whose answer was lost, when it is taken back under another name', async () => {
    const keygen = await startKeygen({ now });
    const { baseUrl, account, policy, token } = keygen;
    const options = { sources: { main: { kind: 'keygen' as const, baseUrl, account, policy, token } } };
    const ctx = testContext({ options, now });
    await issueKey.grant({}, ctx);
    const [made] = keygen.licences;
    const undo = ctx.again({ stepKey: `${ctx.grantId}/revoke/2` });
    const found = await issueKey.find!({}, undo);
    expect(found?.key).to.equal(made?.key);
    await issueKey.revoke!(found!, {}, undo);
    expect(keygen.licences).to.deep.equal([]);
    await keygen.close();
  });
});
