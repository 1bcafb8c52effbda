import { KiB, MiB } from '../../shared/units.ts';

/** Larger parts are not held in memory but read twice. */
export const LARGEST_HELD_PART = 64 * MiB;

/** Bytes on loan; whoever borrowed them gives them back once. */
export type Loan = { bytes: Uint8Array; giveBack: () => void };

type Waiter = { length: number; lend: (loan: Loan) => void };

const UNIT = 1 * MiB;
const WASM_PAGE = 64 * KiB;

/**
 * A fixed amount of memory that parts borrow, first come, first served. It is page-aligned, which copying into it needs to
 * be fast, and the system provides a page only when it is first written.
 */
export class Memory {
  readonly #bytes: ArrayBuffer;
  /** For each MiB whether it is on loan. */
  readonly #taken: boolean[];
  readonly #waiting: Waiter[] = [];

  /** `capacity` in bytes, a multiple of 1 MiB. */
  constructor(capacity: number) {
    const pages = capacity / WASM_PAGE;
    this.#bytes = new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer;
    this.#taken = new Array<boolean>(capacity / UNIT).fill(false);
  }

  /** Waits until `length` bytes in a row are free. Throws the signal's reason when it is aborted. */
  borrow(length: number, signal: AbortSignal): Promise<Loan> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (length > this.#bytes.byteLength)
        throw new RangeError(`${length} bytes do not fit into ${this.#bytes.byteLength}`);
      const waiter: Waiter = {
        length,
        lend: (loan) => {
          signal.removeEventListener('abort', stop);
          resolve(loan);
        },
      };
      const stop = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason as Error);
        this.#serve();
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.push(waiter);
      this.#serve();
    });
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const units = Math.ceil(next.length / UNIT);
      const first = this.#gap(units);
      if (first === null) return;
      this.#waiting.shift();
      this.#taken.fill(true, first, first + units);
      next.lend({
        bytes: new Uint8Array(this.#bytes, first * UNIT, next.length),
        giveBack: () => {
          this.#takeBack(first, units);
        },
      });
    }
  }

  #takeBack(first: number, units: number): void {
    this.#taken.fill(false, first, first + units);
    this.#serve();
  }

  /** The first `units` MiB in a row that nobody has; the lowest, so that little memory is ever touched. */
  #gap(units: number): number | null {
    let free = 0;
    for (const [index, taken] of this.#taken.entries()) {
      free = taken ? 0 : free + 1;
      if (free === units) return index - units + 1;
    }
    return null;
  }
}
