import { PIECE } from './memory.ts';

/** The pieces of shared memory that one part has, seen from the thread that fills them. */
export class LentPieces {
  readonly #shared: SharedArrayBuffer;
  readonly #signal: AbortSignal;
  readonly #giveBack: (pieces: number[]) => void;
  readonly #free: number[] = [];
  #returned: number[] = [];
  #wake: () => void = () => undefined;

  /** `giveBack` tells the lender, several pieces at a time; the last ones go back when the part has ended. */
  constructor(shared: SharedArrayBuffer, giveBack: (pieces: number[]) => void, signal: AbortSignal) {
    this.#shared = shared;
    this.#giveBack = giveBack;
    this.#signal = signal;
    signal.addEventListener('abort', () => {
      this.#wake();
    });
  }

  lend(pieces: readonly number[]): void {
    this.#free.push(...pieces);
    this.#wake();
  }

  /** The next piece, as soon as there is one. For one taker at a time. Throws the signal's reason when it is aborted. */
  async take(): Promise<Uint8Array> {
    for (;;) {
      this.#signal.throwIfAborted();
      const piece = this.#free.shift();
      if (piece !== undefined) return new Uint8Array(this.#shared, piece * PIECE, PIECE);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** For bytes of a piece that are not needed any more. */
  giveBack(bytes: Uint8Array): void {
    this.#returned.push(Math.floor(bytes.byteOffset / PIECE));
    if (this.#returned.length < BATCH) return;
    this.#giveBack(this.#returned);
    this.#returned = [];
  }
}

/** A message to the lender costs more than keeping a few pieces for a moment. */
const BATCH = 4;
