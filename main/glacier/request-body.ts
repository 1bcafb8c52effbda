import type { ClientRequest } from 'node:http';
import { KiB } from '../../shared/units.ts';

/**
 * The bytes of a request. An iterable is asked for its next piece when the one before has left; its request needs a
 * `content-length`.
 */
export type RequestBody = Uint8Array | AsyncIterable<Uint8Array> | null;

/** Spreads the bytes of bodies over time. */
export interface BodyPace {
  /** How much to send at once. */
  sliceSize(): number;
  /** Resolves when these bytes may leave. */
  wait(bytes: number): Promise<void>;
}

export type Writing = {
  pace: BodyPace | null;
  /** Told the number of bytes each time some have left. */
  onSent: (bytes: number) => void;
};

/** Carries what the body threw past the errors of the connection. */
export class BodyFailure extends Error {
  override name = 'BodyFailure';
}

/** 256 KiB at a time: one write of a whole part would stall the event loop and hold a second copy of it under TLS. */
const SLICE = 256 * KiB;

/**
 * Writes the body with back-pressure and ends the request; stops when the connection is closed, whose trouble shows at the
 * request itself.
 * @throws BodyFailure with what the body threw as its cause; the request is not ended then.
 */
export async function writeBody(request: ClientRequest, body: RequestBody, { pace, onSent }: Writing): Promise<void> {
  const write = writerOf(request);
  try {
    for await (const slice of slicesOf(body, () => pace?.sliceSize() ?? SLICE)) {
      await pace?.wait(slice.length);
      if (!(await write(slice))) return;
      onSent(slice.length);
    }
  } catch (cause) {
    throw new BodyFailure('the body could not be read', { cause });
  }
  request.end();
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
function writerOf(request: ClientRequest): (slice: Uint8Array) => Promise<boolean> {
  let settle: (written: boolean) => void = () => undefined;
  let closed = false;
  // Bytes that wait for a connection are forgotten without a word when the request is given up.
  request.once('close', () => {
    closed = true;
    settle(false);
  });
  return (slice) =>
    new Promise((resolve) => {
      if (closed) {
        resolve(false);
        return;
      }
      settle = resolve;
      request.write(slice, (error) => {
        resolve(!error);
      });
    });
}
