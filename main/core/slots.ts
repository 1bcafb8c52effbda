/** A number of places, given out in the order of asking. What takes one may have a weight, of which there is a limit, too. */
export class Slots {
  readonly #size: () => number;
  readonly #room: () => number;
  #taken = 0;
  #weight = 0;
  #waiting: { weight: number; enter: () => void }[] = [];

  /** Both are asked each time, so that a changed setting counts at once. `room`: for all weights together, but for the first. */
  constructor(size: () => number, room: () => number = () => Infinity) {
    this.#size = size;
    this.#room = room;
  }

  /** Resolves with the function that gives the place back. Throws the signal's reason when it is aborted first. */
  async take(signal: AbortSignal, weight = 0): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#waiting.length > 0 || !this.#fits(weight)) await this.#turn(signal, weight);
    else this.#enter(weight);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#taken -= 1;
      this.#weight -= weight;
      this.resized();
    };
  }

  /** Lets in whoever fits; to be called when `size` or `room` has grown. */
  resized(): void {
    for (let first = this.#waiting[0]; first !== undefined && this.#fits(first.weight); first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#enter(first.weight);
      first.enter();
    }
  }

  #fits(weight: number): boolean {
    return this.#taken < this.#size() && (this.#taken === 0 || this.#weight + weight <= this.#room());
  }

  #enter(weight: number): void {
    this.#taken += 1;
    this.#weight += weight;
  }

  #turn(signal: AbortSignal, weight: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((waiting) => waiting.enter !== enter);
        // It may have been the one that was too heavy for those behind it.
        this.resized();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push({ weight, enter });
    });
  }
}
