import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { PRIVATE_FILE } from '../../files/private.ts';
import { MiB } from '../../../shared/units.ts';
import type { TreeHash } from '../../../shared/upload.ts';
import { BodyHasher } from '../tree-hash.ts';

/** A body that arrived whole. Hashes in lower-case hexadecimal. */
export type Body =
  | { kind: 'data'; length: number; linear: string; treeHash: TreeHash; file: string }
  | { kind: 'small'; length: number; linear: string; bytes: Buffer }
  /** Too long for its operation; nothing of it was kept. */
  | { kind: 'dropped'; length: number; linear: string };

/** Why a body did not arrive: the other side hung up, or sent nothing for too long. */
export type BodyLoss = 'connection-lost' | 'timed-out';
export class BodyLost extends Error {
  constructor(readonly loss: BodyLoss) {
    super(loss);
  }
}

/** The rest of a body that was answered early is read until it ends or stands still for this long. */
const LINGER_MS = 500;

/** Largest JSON body: policies have at most 20 KB. */
const MAX_SMALL_BODY = 1 * MiB;

type Source = AsyncIterable<Buffer>;

/** The bytes of a request as they come; throws `BodyLost`. `onBytes` is told the length of each piece. */
export async function* bytesOf(request: IncomingMessage, idleMs: number, onBytes: (length: number) => void): Source {
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

/** Streams data to a new file and hashes it both ways; memory does not grow with the body. */
export async function receiveToFile(source: Source, path: string): Promise<Body> {
  const hasher = new BodyHasher();
  const file = await open(path, 'wx', PRIVATE_FILE);
  let length = 0;
  try {
    for await (const piece of source) {
      const written = file.writeFile(piece);
      hasher.update(piece);
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
  return { kind: 'data', length, ...hasher.digest(), file: path };
}

export async function receiveSmall(source: Source): Promise<Body> {
  const hash = createHash('sha256');
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of source) {
    hash.update(piece);
    length += piece.length;
    if (length <= MAX_SMALL_BODY) pieces.push(piece);
  }
  const linear = hash.digest('hex');
  return length > MAX_SMALL_BODY
    ? { kind: 'dropped', length, linear }
    : { kind: 'small', length, linear, bytes: Buffer.concat(pieces) };
}

export async function drop(source: Source): Promise<Body> {
  const hash = createHash('sha256');
  let length = 0;
  for await (const piece of source) {
    hash.update(piece);
    length += piece.length;
  }
  return { kind: 'dropped', length, linear: hash.digest('hex') };
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
