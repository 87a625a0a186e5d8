import { HandoverError } from '../../../src/contract/errors.ts';
import { tryLater, type Repeats } from '../../../src/contract/index.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../../../src/contract/http.ts';
import type { Decide, Store } from '../../../src/storage/store.ts';
import type { Chance } from '../chance.ts';
import type { FakeTime } from './fake-time.ts';
import { pick, type Schedule } from './schedule.ts';
import { Book } from './target.ts';

/** Ways to break the product on purpose, each of which must be found. */
export const breakages = ['no fence', 'early answer', 'unannounced call', 'plan cut short'] as const;
export type Breakage = (typeof breakages)[number];

/** One process as the world sees it. */
export interface Process {
  readonly name: string;
  isDead: boolean;
}

export interface WorldParts {
  readonly schedule: Schedule;
  readonly dice: Chance;
  readonly time: FakeTime;
  readonly store: Store;
  readonly breakage: Breakage | undefined;
  /** What happens, for whoever reads a schedule. */
  readonly tell: ((line: string) => void) | undefined;
}

const never = new Promise<never>(() => undefined);
const lateMs = 25_000;

/**
 * Everything between the processes, the store and the other sides. Each call may meet a trouble, or be the last one of the process
 * that makes it: then its promise never settles, and what it was to bring about has happened or not.
 */
export class World {
  readonly book = new Book();
  readonly problems: string[] = [];
  /** Requests that were given up on and will arrive all the same. */
  underWay = 0;
  isTroubled = true;
  /** What was claimed and put off by the clock as it was before is put right. */
  isClockSeen = true;
  readonly #parts: WorldParts;
  /** By which fence each claim was given out last. */
  readonly #fences = new Map<string, number>();
  #storeIsBackAt = 0;

  constructor(parts: WorldParts) {
    this.#parts = parts;
  }

  tell(who: string, what: string): void {
    const { tell, time, schedule } = this.#parts;
    tell?.(`${((time.now - schedule.begin) / 1000).toFixed(3).padStart(10)} s  ${who.padEnd(4)} ${what}`);
  }

  kill(process: Process, where: string): void {
    if (process.isDead) return;
    process.isDead = true;
    this.tell(process.name, `DIES ${where}`);
  }

  /** The store as one process has it. */
  storeOf(process: Process): Store {
    const { store } = this.#parts;
    const operations = new Map<PropertyKey, unknown>();
    return new Proxy(store, {
      get: (_, name: keyof Store) => {
        const known = operations.get(name);
        if (known !== undefined) return known;
        const run: unknown = Reflect.get(store, name);
        const operation = (...given: unknown[]): Promise<unknown> => this.#callStore(process, name, given, run as Operation);
        operations.set(name, operation);
        return operation;
      },
    });
  }

  async #callStore(process: Process, name: keyof Store, given: readonly unknown[], run: Operation): Promise<unknown> {
    const { time, dice, schedule, breakage } = this.#parts;
    if (this.#mayDie(process, `before ${name}`)) return never;
    const delayMs = dice.below(8) === 0 ? dice.below(300) : dice.below(4);
    if (breakage === 'early answer' && name === 'keepCallback') {
      time.after(2000, () => void (process.isDead || run(...given)));
      return 'kept';
    }
    await time.sleep(delayMs);
    if (process.isDead) return never;
    if (this.isTroubled && this.#isHit(schedule.perMille.store)) this.#failStore(process);
    if (time.now < this.#storeIsBackAt) {
      this.tell(process.name, `${name}: the store is busy`);
      throw new HandoverError(dice.below(2) === 0 ? 'STORE_BUSY' : 'STORE_UNAVAILABLE', 'The store refuses.');
    }
    if (breakage === 'unannounced call' && name === 'beginCall') return true;
    const result = await run(...(breakage === 'plan cut short' && name === 'record' ? withoutFirstStep(given) : given));
    this.#watch(process, name, given, result);
    if (this.#mayDie(process, `after ${name}`)) return never;
    if (this.isTroubled && this.#isHit(schedule.perMille.store / 3)) {
      this.tell(process.name, `${name}: committed, and the answer lost`);
      throw new HandoverError('STORE_UNAVAILABLE', 'The connection broke during a commit.');
    }
    return result;
  }

  #failStore({ name }: Process): void {
    const { dice, time } = this.#parts;
    const ms = pick([0, 300, 3000, 15_000], dice);
    this.#storeIsBackAt = time.now + ms + 1;
    this.tell(name, `the store refuses for ${ms} ms`);
  }

  /** Who lost a claim must not be told that something was recorded. */
  #watch(process: Process, name: string, given: readonly unknown[], result: unknown): void {
    if (name === 'claimSteps' || name === 'claimCallbacks') {
      for (const claim of result as Claimed[]) {
        this.#fences.set(nameOf(claim), claim.fence);
        this.tell(process.name, `claims ${nameOf(claim)}, fence ${claim.fence}`);
      }
      return;
    }
    if (name === 'mendClock') {
      this.isClockSeen = true;
      this.tell(process.name, `mends the clock by ${String(given[0])} ms`);
    }
    const [claim] = given as [Claimed | undefined];
    if (typeof claim !== 'object' || typeof claim.fence !== 'number') return;
    this.tell(process.name, `${name} ${nameOf(claim)}, fence ${claim.fence}: ${String(result)}${reasonIn(given)}`);
    if (result === true && this.#fences.get(nameOf(claim)) !== claim.fence)
      this.problems.push(`${process.name} had lost ${nameOf(claim)} and could record by ${name}`);
  }

  /** The way out of one process. */
  httpOf(process: Process): HttpClient {
    return { send: (request) => this.#send(process, request) };
  }

  async #send(process: Process, request: HttpRequest): Promise<HttpResponse> {
    const { signal } = request;
    if (signal?.aborted) throw tryLater('NO_ANSWER', 'It was called off.', { unknown: true });
    const answer = this.#exchange(process, request);
    if (!signal) return answer;
    const calledOff = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(tryLater('NO_ANSWER', 'It was called off.', { unknown: true })), {
        once: true,
      });
    });
    answer.catch(() => undefined);
    return Promise.race([answer, calledOff]);
  }

  async #exchange(process: Process, { url, json }: HttpRequest): Promise<HttpResponse> {
    const { time, dice, schedule } = this.#parts;
    const { hostname, pathname } = new URL(url);
    const repeats = hostname.split('.')[0] as Repeats;
    const what = pathname.slice(1);
    const call = json as { step: string; grant: string; email: string };
    const act = (): object => this.book.carryOut(repeats, what, call);
    if (this.#mayDie(process, `before asking ${repeats} to ${what}`)) return never;
    const trouble = this.isTroubled && this.#isHit(schedule.perMille.target) ? pick(troubles, dice) : 'none';
    this.tell(process.name, `${repeats}: ${what} ${call.step} (${trouble})`);
    await time.sleep(dice.below(200));
    if (process.isDead && dice.below(2) === 0) return never;
    const answer = await this.#meet(trouble, repeats, act);
    if (process.isDead || this.#mayDie(process, `after ${repeats} was asked to ${what}`)) return never;
    await time.sleep(dice.below(50));
    return hasDied(process) ? never : answer;
  }

  async #meet(trouble: Trouble, repeats: Repeats, act: () => object): Promise<HttpResponse> {
    const { time, dice } = this.#parts;
    const cut = (): Error => tryLater('NO_ANSWER', 'It broke off the connection.', { unknown: true });
    switch (trouble) {
      case 'not sent':
        throw tryLater('NOT_SENT', 'It could not be reached.');
      case '429':
        return answered(429, {}, dice.below(2) === 0 ? dice.below(20_000) : undefined);
      case '500':
        return answered(500, {});
      case '500 after it acted':
        act();
        return answered(500, {});
      case '200 with an error':
        return answered(200, { error: 'busy' });
      case 'cut':
        throw cut();
      case 'cut after it acted':
        act();
        throw cut();
      case 'silent':
        return never;
      case 'silent after it acted':
        act();
        return never;
      case 'slow': {
        const told = act();
        await time.sleep(dice.below(3 * lateMs));
        return answered(200, told);
      }
      case 'acts late': {
        // Whoever looks before it acts, or has it overwrite what came later, is not helped by anybody: those act at once.
        if (repeats === 'check' || repeats === 'set') return answered(200, act());
        this.underWay += 1;
        await time.sleep(dice.below(lateMs));
        this.underWay -= 1;
        return answered(200, act());
      }
      case 'none':
        return answered(200, act());
    }
  }

  /** A mail server: a repeat of one mail is no harm. */
  async sendMail(process: Process, key: string): Promise<void> {
    const { time, dice, schedule } = this.#parts;
    if (this.#mayDie(process, 'before a mail')) return never;
    const isFailing = this.isTroubled && this.#isHit(schedule.perMille.target);
    const isSent = !isFailing || dice.below(2) === 0;
    await time.sleep(dice.below(100));
    if (isSent) this.book.mails.set(key, (this.book.mails.get(key) ?? 0) + 1);
    if (this.#mayDie(process, 'after a mail')) return never;
    if (isFailing) throw tryLater('MAIL_UNSURE', 'The mail server broke off.', { unknown: true });
  }

  #mayDie(process: Process, where: string): boolean {
    if (!process.isDead && this.isTroubled && this.#isHit(this.#parts.schedule.perMille.death)) this.kill(process, where);
    return process.isDead;
  }

  #isHit(perMille: number): boolean {
    return perMille > 0 && this.#parts.dice.below(1000) < perMille;
  }
}

const troubles = [
  'not sent',
  '429',
  '500',
  '500 after it acted',
  '200 with an error',
  'cut',
  'cut after it acted',
  'silent',
  'silent after it acted',
  'slow',
  'acts late',
] as const;
type Trouble = (typeof troubles)[number] | 'none';

/** A function, since TypeScript cannot see that an await may change it. */
function hasDied(process: Process): boolean {
  return process.isDead;
}

type Operation = (...given: unknown[]) => Promise<unknown>;

interface Claimed {
  readonly key?: string;
  readonly id?: number;
  readonly fence: number;
}

function nameOf({ key, id }: Claimed): string {
  return key ?? `callback ${id}`;
}

function reasonIn(given: readonly unknown[]): string {
  const problem = given[1];
  return typeof problem === 'object' && problem !== null && 'message' in problem ? `, ${String(problem.message)}` : '';
}

function answered(status: number, body: object, retryAfterMs?: number): HttpResponse {
  const text = JSON.stringify(body);
  return {
    status,
    headers: {},
    text,
    json: () => JSON.parse(text) as unknown,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** What is recorded lacks the first of the planned steps. */
function withoutFirstStep([claim, events, decide, ...more]: readonly unknown[]): unknown[] {
  const cut: Decide = (known) => {
    const decision = (decide as Decide)(known);
    return { ...decision, steps: decision.steps.slice(1) };
  };
  return [claim, events, cut, ...more];
}
