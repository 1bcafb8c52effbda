/** A number of places, given out in the order of asking. */
export class Slots {
  readonly #size: () => number;
  #taken = 0;
  #waiting: (() => void)[] = [];

  /** `size` is asked each time, so that a changed setting counts at once. */
  constructor(size: () => number) {
    this.#size = size;
  }

  /** Resolves with the function that gives the place back. Throws the signal's reason when it is aborted first. */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#taken >= this.#size() || this.#waiting.length > 0) await this.#turn(signal);
    else this.#taken += 1;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#taken -= 1;
      this.resized();
    };
  }

  /** Lets in whoever fits; to be called when `size` has grown. */
  resized(): void {
    while (this.#waiting.length > 0 && this.#taken < this.#size()) {
      this.#taken += 1;
      this.#waiting.shift()?.();
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((waiting) => waiting !== enter);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(enter);
    });
  }
}
