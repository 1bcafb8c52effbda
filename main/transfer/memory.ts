import { KiB, MiB } from '../../shared/units.ts';

/** Parts borrow memory in pieces of this size. */
export const PIECE = 1 * MiB;

const WASM_PAGE = 64 * KiB;

/** Larger parts are not held in memory but read twice. */
const LARGEST_HELD_PART = 64 * MiB;

/** Whether a part of so many bytes is held in memory between hashing and sending. */
export function isHeld(length: number): boolean {
  return length <= LARGEST_HELD_PART;
}

/** How many pieces it takes to send a part of so many bytes. */
export function piecesFor(length: number): number {
  // Of a part that is not held, one piece is used while the next is read.
  return isHeld(length) ? Math.ceil(length / PIECE) : 2;
}

/** What one part has borrowed. Pieces are known by their numbers. */
export type Loan = { giveBack: (pieces: readonly number[]) => void; end: () => void };

type Borrower = { missing: number; held: Set<number>; lend: (pieces: number[]) => void };

/**
 * A fixed amount of memory that all threads share and that parts borrow piece by piece. Who came first gets all of his
 * pieces first; the next one begins with those that are left, and gets more while the first one gives back what he has sent.
 * Nobody can wait for ever, since the first one lacks nothing. The memory is page-aligned, which copying into it needs to be
 * fast, and the system provides a page only when it is first written: the lowest pieces are lent first.
 */
export class Memory {
  readonly shared: SharedArrayBuffer;
  /** For each piece whether it is on loan. */
  readonly #taken: boolean[];
  readonly #waiting: Borrower[] = [];

  /** `capacity` in bytes, a multiple of 1 MiB. */
  constructor(capacity: number) {
    const pages = capacity / WASM_PAGE;
    const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.shared = buffer as ArrayBufferLike as SharedArrayBuffer;
    this.#taken = new Array<boolean>(capacity / PIECE).fill(false);
  }

  /** `lend` is called with each of the `count` pieces once, several at a time, now or as they become free. */
  borrow(count: number, lend: Borrower['lend']): Loan {
    if (count > this.#taken.length) throw new RangeError(`${count} pieces of ${this.#taken.length} cannot be lent`);
    const borrower: Borrower = { missing: count, held: new Set(), lend };
    this.#waiting.push(borrower);
    this.#serve();
    return {
      giveBack: (pieces) => {
        for (const piece of pieces) if (borrower.held.delete(piece)) this.#taken[piece] = false;
        this.#serve();
      },
      end: () => {
        borrower.missing = 0;
        for (const piece of borrower.held) this.#taken[piece] = false;
        borrower.held.clear();
        this.#serve();
      },
    };
  }

  #serve(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const pieces = this.#take(first.missing);
      first.missing -= pieces.length;
      for (const piece of pieces) first.held.add(piece);
      if (first.missing === 0) this.#waiting.shift();
      if (pieces.length > 0) first.lend(pieces);
      else if (first.missing > 0) return;
    }
  }

  /** At most `count` pieces that nobody has. */
  #take(count: number): number[] {
    const pieces: number[] = [];
    for (let piece = 0; piece < this.#taken.length && pieces.length < count; piece += 1) {
      if (this.#taken[piece] === true) continue;
      this.#taken[piece] = true;
      pieces.push(piece);
    }
    return pieces;
  }
}
