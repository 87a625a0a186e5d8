import { expect } from 'chai';
import { StepError, tryLater } from '../../src/contract/errors.ts';
import type { HttpClient, HttpResponse } from '../../src/contract/http.ts';
import { createBreaker, type TargetNews } from '../../src/fulfilment/breaker.ts';
import { createClockWatch } from '../../src/fulfilment/clock-watch.ts';
import { watchTarget } from '../../src/fulfilment/target-news.ts';
import { silentLog } from '../../src/outgoing/console-log.ts';

const down: TargetNews = { kind: 'down', seen: true };
const answers: TargetNews = { kind: 'answers', seen: true };

/** A breaker whose time stands still until it is moved, and whose chance is always the longest. */
function breakerAt() {
  let elapsed = 0;
  const changes: string[] = [];
  const breaker = createBreaker({
    elapsed: () => elapsed,
    random: () => 1,
    changed: (account, state) => void changes.push(`${account} ${state}`),
  });
  const fail = (times: number, news: TargetNews = down): void => {
    for (let count = 0; count < times; count += 1) breaker.learn('lms', `step ${count}`, news);
  };
  const room = (): number => breaker.room('lms', 4, 0);
  return { breaker, changes, fail, room, pass: (ms: number) => void (elapsed += ms) };
}

describe('The breaker of an account', () => {
  it('opens after five failures in a row, of more than one step, and lets nothing begin', () => {
    const { breaker, fail, room, changes } = breakerAt();
    fail(4);
    expect(room()).to.equal(4);
    fail(1);
    expect(room()).to.equal(0);
    expect(breaker.room('other', 4, 0), 'another account').to.equal(4);
    expect(changes).to.deep.equal(['lms down']);
    expect(breaker.states()).to.have.length(1);
    expect(breaker.states()[0]).to.include({ account: 'lms', state: 'down', nextTryInMs: 1000, atOnce: 1 });
  });

  it('is not opened by one step alone, by failures long past, or by some between successes', () => {
    const { breaker, fail, room, pass } = breakerAt();
    for (let count = 0; count < 20; count += 1) breaker.learn('lms', 'a bad order', down);
    expect(room()).to.equal(4);
    breaker.learn('lms', 'another', answers);
    fail(4);
    pass(400_000);
    fail(4);
    breaker.learn('lms', 'another', answers);
    fail(4);
    expect(room()).to.equal(4);
  });

  it('tries with one step at a time, later each time, never more than a minute apart', () => {
    const { breaker, fail, room, pass } = breakerAt();
    fail(5);
    const waits: number[] = [];
    for (let trial = 0; trial < 9; trial += 1) {
      const waitMs = breaker.nextTryInMs() ?? 0;
      waits.push(waitMs);
      pass(waitMs - 1);
      expect(room()).to.equal(0);
      pass(1);
      expect([room(), breaker.room('lms', 4, 1), breaker.isTrial('lms')]).to.deep.equal([1, 0, true]);
      breaker.learn('lms', 'a trial', down);
    }
    expect(waits).to.deep.equal([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('waits by chance, so that several processes do not come back together', () => {
    let elapsed = 0;
    const breaker = createBreaker({ elapsed: () => elapsed, random: () => 0.25 });
    for (let count = 0; count < 5; count += 1) breaker.learn('lms', `${count}`, down);
    expect(breaker.nextTryInMs()).to.equal(250);
    elapsed += 250;
    breaker.learn('lms', '1', { ...down, retryAfterMs: 5000 });
    expect(breaker.nextTryInMs(), 'never earlier than it was asked to').to.equal(5000);
  });

  it('goes on with one step at a time and one more with each success, up to the limit', () => {
    const { breaker, fail, room, pass, changes } = breakerAt();
    fail(5);
    pass(1000);
    const rooms: number[] = [];
    for (let success = 0; success < 4; success += 1) {
      rooms.push(room());
      breaker.learn('lms', 'a step', answers);
    }
    rooms.push(room());
    expect(rooms).to.deep.equal([1, 2, 3, 4, 4]);
    expect(breaker.states()).to.deep.equal([]);
    expect(changes).to.deep.equal(['lms down', 'lms recovering', 'lms ok']);
  });

  it('opens again at the first failure while it recovers, and learns nothing from what was under way before', () => {
    const { breaker, fail, room, pass, changes } = breakerAt();
    fail(8);
    expect(breaker.nextTryInMs(), 'the later ones change nothing').to.equal(1000);
    breaker.learn('lms', 'begun before', answers);
    expect(room()).to.equal(0);
    pass(1000);
    breaker.learn('lms', 'a trial', answers);
    fail(2);
    expect(room()).to.equal(0);
    expect(breaker.nextTryInMs()).to.equal(2000);
    expect(changes).to.deep.equal(['lms down', 'lms recovering', 'lms down']);
  });

  it('pauses for as long as it is asked to, an hour at most', () => {
    const { breaker, room, pass } = breakerAt();
    breaker.learn('lms', 'a step', { kind: 'pause', retryAfterMs: 7000 });
    pass(6999);
    expect([room(), breaker.states()[0]?.state]).to.deep.equal([0, 'paused']);
    pass(1);
    expect([room(), breaker.isTrial('lms')]).to.deep.equal([1, true]);
    breaker.learn('lms', 'a step', { kind: 'pause', retryAfterMs: 86_400_000 });
    expect(breaker.nextTryInMs()).to.equal(3_600_000);
  });

  it('takes no success for a proof that asked nobody, where the outage was seen on the wire', () => {
    const { breaker, fail, room, pass } = breakerAt();
    fail(5);
    pass(1000);
    breaker.learn('lms', 'a key from stock', { kind: 'answers', seen: false });
    expect([room(), breaker.isTrial('lms')]).to.deep.equal([1, true]);
    breaker.learn('lms', 'a course', answers);
    expect(breaker.isTrial('lms')).to.equal(false);
  });
});

describe('What an attempt tells about the other side', () => {
  async function newsOf(send: HttpClient['send'], failure?: StepError): Promise<TargetNews | undefined> {
    const target = watchTarget({ send });
    await target.http.send({ method: 'GET', url: 'https://lms.example.com' }).catch(() => undefined);
    return target.news(failure);
  }
  const answer = (status: number, retryAfterMs?: number) => async (): Promise<HttpResponse> => ({
    status,
    headers: {},
    text: '',
    json: () => undefined,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
  const failed = tryLater('LMS_FAILED', 'It failed.');
  const silent = (code: string) => (): Promise<never> => Promise.reject(tryLater(code, 'No answer.'));

  it('is that it is down when there is no answer, or one from 500 on, and that it answers otherwise', async () => {
    for (const status of [500, 502, 503, 504, 408]) expect(await newsOf(answer(status), failed)).to.deep.equal(down);
    for (const code of ['NO_ANSWER', 'NOT_SENT']) expect(await newsOf(silent(code), failed)).to.deep.equal(down);
    for (const status of [200, 302, 400, 401, 403, 404, 409, 422]) {
      expect(await newsOf(answer(status), new StepError('never', 'LMS_REFUSED', 'No.'))).to.deep.equal(answers);
    }
    expect(await newsOf(answer(503, 9000), failed)).to.deep.equal({ ...down, retryAfterMs: 9000 });
    expect(await newsOf(answer(200))).to.deep.equal(answers);
  });

  it('is a pause when it asks for one, and nothing when it only says that we are too many', async () => {
    expect(await newsOf(answer(429, 4000), failed)).to.deep.equal({ kind: 'pause', retryAfterMs: 4000 });
    expect(await newsOf(answer(429), failed)).to.equal(undefined);
  });

  it('is what the action says, or that it never ended, where it does not use our client', () => {
    const target = watchTarget({ send: silent('NO_ANSWER') });
    expect(target.news(undefined)).to.deep.equal({ kind: 'answers', seen: false });
    expect(target.news(failed)).to.equal(undefined);
    const unseen = { kind: 'down', seen: false };
    expect(target.news(tryLater('MAIL_SERVER_UNREACHABLE', 'No.', { down: true }))).to.deep.equal(unseen);
    expect(target.news(tryLater('ACTION_TIMED_OUT', 'No.', { unknown: true }))).to.deep.equal(unseen);
  });
});

describe('A clock that is watched', () => {
  const minute = 60_000;

  /** Asks after each entry: what passed by a clock nobody can set, and what passed by the store's. */
  async function mendings(looks: readonly (readonly [number, number])[], leaseMs = minute): Promise<(number | undefined)[]> {
    let [elapsed, clock] = [0, 1_800_000_000_000];
    const asked: (number | undefined)[] = [];
    const store = { clock: async () => clock, mendClock: async (byMs: number | undefined) => void asked.push(byMs) };
    const look = createClockWatch({ store, leaseMs, log: silentLog, elapsed: () => elapsed });
    await look();
    for (const [passedMs, clockMs] of looks) {
      elapsed += passedMs;
      clock += clockMs;
      await look();
    }
    return asked;
  }

  it('is mended once at the start, and whenever it was set by more than is usual', async () => {
    const usual = [[1000, 1000], [1000, 1400], [1000, 600], [600_000, 600_900]] as const; // prettier-ignore
    expect(await mendings(usual)).to.deep.equal([undefined]);
    const hours = [[1000, 2 * 3_600_000 + 1000], [500, 500], [1000, 1000 - 86_400_000]] as const; // prettier-ignore
    expect(await mendings(hours)).to.deep.equal([undefined, 2 * 3_600_000, -86_400_000]);
  });

  it('is not taken for set when this process stood still', async () => {
    expect(await mendings([[3_600_000, 3_600_000]])).to.deep.equal([undefined]);
  });

  it('is mended at the next look where the store could not do it at once', async () => {
    let elapsed = 0;
    const asked: (number | undefined)[] = [];
    const mendClock = async (byMs: number | undefined): Promise<void> => {
      asked.push(byMs);
      if (asked.length % 2 === 1) throw new Error('The disk is full.');
    };
    const store = { clock: async () => elapsed + (elapsed > 4500 ? 3_600_000 : 0), mendClock };
    const look = createClockWatch({ store, leaseMs: minute, log: silentLog, elapsed: () => (elapsed += 1000) });
    for (let count = 0; count < 5; count += 1) await look().catch(() => undefined);
    expect(asked.slice(0, 2)).to.deep.equal([undefined, undefined]);
    expect(asked.slice(2).every((byMs) => byMs !== undefined && Math.abs(byMs - 3_600_000) < 5000)).to.equal(true);
    expect(asked).to.have.length(4);
  });

  it('is watched more closely where leases are short', async () => {
    expect(await mendings([[100, 400]], 1000)).to.deep.equal([undefined, 300]);
  });
});
