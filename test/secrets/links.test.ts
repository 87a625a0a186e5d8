import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { createLinks } from '../../src/secrets/links.ts';
import { createSealer } from '../../src/secrets/sealing.ts';

const order = 'K3M9-2QXT-7BHD';
const grant = `${order}/1/1/course`;
const secret = 'a secret with enough bytes';
const start = new Date('2026-05-01T10:00:00Z');
const later = (seconds: number) => () => new Date(start.getTime() + seconds * 1000);
const linksOf = (secrets: string[], now = later(0)) =>
  createLinks(createSealer(secrets), 'https://shop.example.com/shop/', 90, now);
const tokenOf = (address: string): string => address.slice(address.lastIndexOf('/') + 1);
const invalid = { kind: 'invalid' };

describe('links', () => {
  it('lead below the public address and name the order, or order and grant', () => {
    const links = linksOf([secret]);
    expect(links.page(order)).to.match(/^https:\/\/shop\.example\.com\/shop\/orders\/[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(links.open(order, grant)).to.match(/^https:\/\/shop\.example\.com\/shop\/open\/[\w.-]+$/);
    expect(links.readPage(tokenOf(links.page(order)))).to.deep.equal({ kind: 'page', orderId: order });
    expect(links.readOpen(tokenOf(links.open(order, grant)))).to.deep.equal({ kind: 'open', orderId: order, grantId: grant });
  });

  it('carry order, grant, purpose and end, and nothing personal', () => {
    const exp = start.getTime() / 1000 + 90 * 86_400;
    expect(jwt.decode(tokenOf(linksOf([secret]).open(order, grant)))).to.deep.equal({
      aud: 'handover:open',
      sub: order,
      grant,
      exp,
    });
    expect(jwt.decode(tokenOf(linksOf([secret]).page(order)))).to.deep.equal({ aud: 'handover:page', sub: order, exp });
  });

  it('serve one purpose only', () => {
    const links = linksOf([secret]);
    expect(links.readOpen(tokenOf(links.page(order)))).to.deep.equal(invalid);
    expect(links.readPage(tokenOf(links.open(order, grant)))).to.deep.equal(invalid);
  });

  it('end after their days and then still tell whose they were', () => {
    const token = tokenOf(linksOf([secret]).page(order));
    const days = 90 * 86_400;
    expect(linksOf([secret], later(days - 1)).readPage(token).kind).to.equal('page');
    expect(linksOf([secret], later(days)).readPage(token)).to.deep.equal({ kind: 'expired', orderId: order });
    const open = tokenOf(linksOf([secret]).open(order, grant));
    expect(linksOf([secret], later(days)).readOpen(open)).to.deep.equal({ kind: 'expired', orderId: order });
  });

  it('are invalid when any character was changed, expired or not', () => {
    const token = tokenOf(linksOf([secret]).page(order));
    for (let at = 0; at < token.length; at++) {
      const altered = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect(linksOf([secret]).readPage(altered), `character ${at}`).to.deep.equal(invalid);
      expect(linksOf([secret], later(1e8)).readPage(altered), `character ${at}, late`).to.deep.equal(invalid);
    }
  });

  it('are invalid as anything else that may stand in an address', () => {
    for (const text of ['', '.', '..', 'a.b.c', order, '%00', 'x'.repeat(100_000), '__proto__', '{}']) {
      expect(linksOf([secret]).readPage(text), text.slice(0, 20)).to.deep.equal(invalid);
    }
  });

  it('accept no other algorithm, whatever the token says of itself', () => {
    const key = createSealer([secret]).derive('links');
    const claims = { aud: 'handover:page', sub: order, exp: start.getTime() / 1000 + 60 };
    expect(linksOf([secret]).readPage(jwt.sign(claims, key, { algorithm: 'HS256' })).kind).to.equal('page');
    expect(linksOf([secret]).readPage(jwt.sign(claims, key, { algorithm: 'HS512' }))).to.deep.equal(invalid);
    expect(linksOf([secret]).readPage(jwt.sign(claims, '', { algorithm: 'none' }))).to.deep.equal(invalid);
  });

  it('accept no token of ours that lacks an end, an order or a grant', () => {
    const key = createSealer([secret]).derive('links');
    const exp = start.getTime() / 1000 + 60;
    expect(linksOf([secret]).readPage(jwt.sign({ aud: 'handover:page', sub: order }, key))).to.deep.equal(invalid);
    expect(linksOf([secret]).readPage(jwt.sign({ aud: 'handover:page', exp }, key))).to.deep.equal(invalid);
    expect(linksOf([secret]).readOpen(jwt.sign({ aud: 'handover:open', sub: order, exp }, key))).to.deep.equal(invalid);
  });

  it('stay good when the secret is changed, until the old one is taken off the list', () => {
    const next = 'another secret with enough bytes';
    const token = tokenOf(linksOf([secret]).page(order));
    expect(linksOf([next, secret]).readPage(token)).to.deep.equal({ kind: 'page', orderId: order });
    expect(linksOf([next, secret], later(1e8)).readPage(token)).to.deep.equal({ kind: 'expired', orderId: order });
    expect(linksOf([next]).readPage(token)).to.deep.equal(invalid);
    expect(linksOf([next]).readPage(tokenOf(linksOf([next, secret]).page(order))).kind).to.equal('page');
  });
});
