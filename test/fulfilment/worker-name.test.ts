import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { isGone, nameWorker } from '../../src/fulfilment/worker-name.ts';

/** The name that a worker of another process of this machine would have. */
const ofProcess = (pid: number): string => nameWorker().replace(`/${process.pid}/`, `/${pid}/`).replace(/.{8}$/, '00000000');

describe('The name of a worker', () => {
  it('is shared by no other worker', () => {
    expect(nameWorker()).not.to.equal(nameWorker());
  });

  it('tells that it has ended once its process is gone, and not before', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    await once(child, 'spawn');
    const name = ofProcess(child.pid ?? 0);
    expect(isGone(name)).to.equal(false);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(isGone(name)).to.equal(true);
  });

  it('is not taken for ended by its own process', () => {
    expect(isGone(nameWorker())).to.equal(false);
  });

  it('tells that it has ended when its process number has come to ourselves, as in a container', () => {
    expect(isGone(ofProcess(process.pid))).to.equal(true);
  });

  it('tells nothing about workers of other machines and containers, nor names of another form', () => {
    const [host = '', pid = '', rest = ''] = ofProcess(2 ** 30).split('/');
    expect(isGone(`${host}/${pid}/${rest}`)).to.equal(true);
    expect(isGone(`other-${host}/${pid}/${rest}`)).to.equal(false);
    expect(isGone(`${host}/${pid}/${rest.replace(/^......../, 'ffffffff')}`)).to.equal(false);
    expect(isGone(`${host}/${pid}/abc123`)).to.equal(false);
    expect(isGone('')).to.equal(false);
  });
});
