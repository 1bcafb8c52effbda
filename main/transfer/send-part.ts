import { createHash } from 'node:crypto';
import type { Failure } from '../../shared/failure.ts';
import { type ByteRange, rangeLength } from '../../shared/part-plan.ts';
import { type Result, fail } from '../../shared/result.ts';
import type { HashesOfPart } from '../core/tree-hash.ts';
import type { Connections, HttpRequestHead } from '../aws/connections.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';
import type { PartToSend, SentHashes } from '../aws/part-sender.ts';
import type { BodyPace } from '../aws/request-body.ts';
import type { LentPieces } from './lent-pieces.ts';
import { LinearHasher } from './part-hashers.ts';
import { isHeld } from './memory.ts';
import { SourceProblem } from './source-problem.ts';
import { SourceReader } from './source-reader.ts';

export type Sending = {
  pieces: LentPieces;
  connections: Connections;
  pace: BodyPace;
  signal: AbortSignal;
  /** For both hashes. */
  newHasher: () => HashesOfPart;
  /** Asks for the signed request once the hashes are known. */
  prepare: (hashes: SentHashes) => Promise<HttpRequestHead>;
  onSent: (bytes: number) => void;
};

/** Reads, hashes and sends one part of a file. Throws the signal's reason when it is aborted. */
export async function sendPart(part: PartToSend, sending: Sending): Promise<Result<HttpAnswer>> {
  try {
    return await (isHeld(rangeLength(part.range)) ? sendHeld(part, sending) : sendInTwoPasses(part, sending));
  } catch (error) {
    sending.signal.throwIfAborted();
    if (error instanceof SourceProblem) return fail<Failure>(error.failure);
    throw error;
  }
}

/** Reads the part into memory, hashing on the way, and sends the very bytes that were hashed. */
async function sendHeld({ source, range, withTree }: PartToSend, sending: Sending): Promise<Result<HttpAnswer>> {
  const { pieces, signal } = sending;
  const held: Uint8Array[] = [];
  const hashes = await SourceReader.using(source, async (reader) => {
    const hasher = withTree ? sending.newHasher() : new LinearHasher();
    await reader.verify();
    for await (const step of reader.steps(range, () => pieces.take(), signal)) {
      hasher.update(step);
      held.push(step);
    }
    await reader.verify();
    return hasher.digest();
  });
  return send(await sending.prepare(hashes), givingBack(held, pieces), range, sending);
}

/** Hands the pieces on, and each of them back when it has left. */
function* givingBack(held: readonly Uint8Array[], pieces: LentPieces): Generator<Uint8Array, void> {
  for (const piece of held) {
    yield piece;
    pieces.giveBack(piece);
  }
}

/** Hashes the part in a first pass over the file and sends it in a second one. */
async function sendInTwoPasses({ source, range, withTree }: PartToSend, sending: Sending): Promise<Result<HttpAnswer>> {
  const pair = [await sending.pieces.take(), await sending.pieces.take()] as const;
  const targetOf = (index: number): Uint8Array => pair[index % 2 === 0 ? 0 : 1];
  return SourceReader.using(source, async (reader) => {
    const steps = () => reader.steps(range, targetOf, sending.signal);
    const hasher = withTree ? sending.newHasher() : new LinearHasher();
    await reader.verify();
    for await (const step of steps()) hasher.update(step);
    await reader.verify();
    const hashes = hasher.digest();
    const head = await sending.prepare(hashes);
    const body = checked(steps(), rangeLength(range), hashes.linear, reader);
    try {
      return await send(head, body, range, sending);
    } finally {
      // Neither the file nor the memory may be let go while a step is still being read.
      await body.return();
    }
  });
}

function send(
  head: HttpRequestHead,
  body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  range: ByteRange,
  sending: Sending,
): Promise<Result<HttpAnswer>> {
  const headers = { ...head.headers, 'content-length': String(rangeLength(range)) };
  return sending.connections.send({ ...head, headers }, body, sending);
}

/** Hands the bytes on, the last step only when all of them are those that were hashed before. */
async function* checked(
  steps: AsyncIterable<Uint8Array>,
  length: number,
  linear: string,
  reader: SourceReader,
): AsyncGenerator<Uint8Array, void> {
  const hash = createHash('sha256');
  let left = length;
  for await (const step of steps) {
    hash.update(step);
    left -= step.length;
    if (left === 0) {
      await reader.verify();
      if (hash.digest('hex') !== linear) reader.changed('it was written to while it was read');
    }
    yield step;
  }
}
