import { open, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { PRIVATE_FILE } from '../../files/private.ts';

/** Why a body did not arrive: the other side hung up, or sent nothing for too long. */
export type BodyLoss = 'connection-lost' | 'timed-out';
export class BodyLost extends Error {
  constructor(readonly loss: BodyLoss) {
    super(loss);
  }
}

/** The rest of a body that was answered early is read until it ends or stands still for this long. */
const LINGER_MS = 500;

type Source = AsyncIterable<Buffer>;

type Hearing = {
  idleMs: number;
  /** Called before the first byte is waited for: who announced that it waits to be asked for the body is asked. */
  onStart: () => void;
  /** Told the length of each piece. */
  onBytes: (length: number) => void;
};

/** The bytes of a request as they come; throws `BodyLost`. */
export async function* bytesOf(request: IncomingMessage, { idleMs, onStart, onBytes }: Hearing): Source {
  onStart();
  const pieces = request.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const next = await nextPiece(pieces, idleMs);
      if (next.done) break;
      const piece = next.value as Buffer;
      onBytes(piece.length);
      yield piece;
    }
  } finally {
    // Lets go of the request, whose rest may have to be dropped.
    void pieces.return?.();
  }
}

/** What looks at the bytes of a body as they come: mostly hashes. */
export type Listener = { update(bytes: Buffer): unknown };

/** Streams a body to a new file, durable when the promise resolves with its length; memory does not grow with it. */
export async function keepBody(source: Source, path: string, listeners: readonly Listener[]): Promise<number> {
  const file = await open(path, 'wx', PRIVATE_FILE);
  let length = 0;
  try {
    for await (const piece of source) {
      const written = file.writeFile(piece);
      for (const listener of listeners) listener.update(piece);
      length += piece.length;
      await written;
    }
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
  await file.close();
  return length;
}

/** A body in memory; null instead of its bytes when it is longer than that. */
export async function readBody(
  source: Source,
  maxLength: number,
  listeners: readonly Listener[],
): Promise<{ length: number; bytes: Buffer | null }> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of source) {
    for (const listener of listeners) listener.update(piece);
    length += piece.length;
    if (length <= maxLength) pieces.push(piece);
  }
  return { length, bytes: length > maxLength ? null : Buffer.concat(pieces) };
}

/** Reads and forgets what is still coming: a connection closed over unread bytes takes its answer with it. */
export async function linger(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LINGER_MS);
    request.on('data', () => timer.refresh());
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    request.once('end', done);
    request.once('close', done);
  });
}

async function nextPiece(pieces: AsyncIterator<unknown>, idleMs: number): Promise<IteratorResult<unknown>> {
  let timer: NodeJS.Timeout | undefined;
  const idle = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new BodyLost('timed-out'));
    }, idleMs);
  });
  try {
    const next = pieces.next().catch(() => {
      throw new BodyLost('connection-lost');
    });
    return await Promise.race([next, idle]);
  } finally {
    clearTimeout(timer);
  }
}
