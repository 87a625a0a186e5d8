/** Calls on at once, and when it is asked again and again, once per `gapMs`; the last asking is never passed over. */
export class Throttle {
  readonly #act: () => void;
  readonly #gapMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isAsked = false;

  constructor(act: () => void, gapMs: number) {
    this.#act = act;
    this.#gapMs = gapMs;
  }

  ask(): void {
    if (this.#timer) this.#isAsked = true;
    else this.#go();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isAsked = false;
  }

  #go(): void {
    this.#isAsked = false;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isAsked) this.#go();
    }, this.#gapMs).unref();
    this.#act();
  }
}
