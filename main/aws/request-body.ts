import type { ClientRequest } from 'node:http';
import { KiB, MiB, SECOND } from '../../shared/units.ts';

/**
 * The bytes of a request. An iterable is asked for its next piece when the one before has left; its request needs a
 * `content-length`.
 */
export type RequestBody = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array> | null;

/** Spreads the bytes of bodies over time. */
export interface BodyPace {
  /** How much to send at once; null when any amount will do. */
  sliceSize(): number | null;
  /** Resolves when these bytes may leave. */
  wait(bytes: number): Promise<void>;
}

export type Writing = {
  /** Of the whole body. */
  length: number;
  pace: BodyPace | null;
  /** Told the number of bytes each time some have left. */
  onSent: (bytes: number) => void;
};

/** Carries what the body threw past the errors of the connection. */
export class BodyFailure extends Error {
  override name = 'BodyFailure';
}

/**
 * Writes the body with back-pressure and ends the request with its last slice; stops when the connection is closed, whose
 * trouble shows at the request itself.
 * @throws BodyFailure with what the body threw as its cause; the request is not ended then.
 */
export async function writeBody(request: ClientRequest, body: RequestBody, writing: Writing): Promise<void> {
  const { length, pace, onSent } = writing;
  const write = writerOf(request);
  const suitable = new SliceSize();
  let left = length;
  try {
    for await (const slice of slicesOf(body, () => pace?.sliceSize() ?? suitable.size)) {
      await pace?.wait(slice.length);
      left -= slice.length;
      const startedAt = performance.now();
      if (!(await write(slice, left <= 0))) return;
      suitable.learn(performance.now() - startedAt);
      onSent(slice.length);
    }
  } catch (cause) {
    throw new BodyFailure('the body could not be read', { cause });
  }
  if (!request.writableEnded) request.end();
}

/** The last bytes get this long to leave when the answer was there before they had. */
const GRACE_MS = 1 * SECOND;

/**
 * Resolves when an answered request has ended on this side, too, or does not. Under TLS the service may answer before the
 * system tells that the last bytes have left, and only then can the connection serve again.
 */
export async function allOut(request: ClientRequest): Promise<void> {
  if (!request.writableEnded || request.writableFinished || request.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, GRACE_MS);
    for (const event of ['finish', 'close']) {
      request.once(event, () => {
        clearTimeout(timer);
        resolve();
      });
    }
  });
}

/**
 * How much to write at once. Each write has its price, so a fast line gets much; under TLS a second copy is held of what is
 * written, and progress shows only when it has left, so that a slow line gets little.
 */
class SliceSize {
  #size = 256 * KiB;

  get size(): number {
    return this.#size;
  }

  /** What the last slice took to leave. */
  learn(ms: number): void {
    if (ms < SECOND / 20) this.#size = Math.min(2 * this.#size, 1 * MiB);
    else if (ms > SECOND / 4) this.#size = Math.max(this.#size / 2, 64 * KiB);
  }
}

async function* slicesOf(body: RequestBody, sliceSize: () => number): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  for await (const piece of body instanceof Uint8Array ? [body] : body) {
    for (let from = 0; from < piece.length;) {
      const slice = piece.subarray(from, from + sliceSize());
      from += slice.length;
      yield slice;
    }
  }
}

/** Tells whether the bytes were handed to the system; not so when the connection is gone. */
function writerOf(request: ClientRequest): (slice: Uint8Array, isLast: boolean) => Promise<boolean> {
  let settle: (written: boolean) => void = () => undefined;
  let closed = false;
  // Bytes that wait for a connection are forgotten without a word when the request is given up.
  request.once('close', () => {
    closed = true;
    settle(false);
  });
  return (slice, isLast) =>
    new Promise((resolve) => {
      if (closed) {
        resolve(false);
        return;
      }
      settle = resolve;
      const written = (error?: Error | null): void => {
        resolve(!error);
      };
      if (isLast) request.end(slice, written);
      else request.write(slice, written);
    });
}
