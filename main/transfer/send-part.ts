import { createHash } from 'node:crypto';
import type { Failure } from '../../shared/failure.ts';
import { rangeLength } from '../../shared/part-plan.ts';
import { type Result, fail } from '../../shared/result.ts';
import type { HashesOfPart, PartHashes } from '../core/tree-hash.ts';
import type { Connections, HttpAnswer, HttpRequestHead } from '../glacier/http.ts';
import type { PartToSend } from '../glacier/part-sender.ts';
import type { BodyPace } from '../glacier/request-body.ts';
import { LARGEST_HELD_PART, type Memory } from './memory.ts';
import { SourceProblem } from './source-failure.ts';
import { READ_STEP, SourceReader } from './source-reader.ts';

export type Sending = {
  memory: Memory;
  connections: Connections;
  pace: BodyPace;
  signal: AbortSignal;
  newHasher: () => HashesOfPart;
  /** Asks for the signed request once the hashes are known. */
  prepare: (hashes: PartHashes) => Promise<HttpRequestHead>;
  onSent: (bytes: number) => void;
};

/** Reads, hashes and sends one part of a file. Throws the signal's reason when it is aborted. */
export async function sendPart(part: PartToSend, sending: Sending): Promise<Result<HttpAnswer>> {
  const length = rangeLength(part.range);
  const held = length <= LARGEST_HELD_PART;
  const loan = await sending.memory.borrow(held ? length : 2 * READ_STEP, sending.signal);
  try {
    return await (held ? sendHeld(part, loan.bytes, sending) : sendInTwoPasses(part, loan.bytes, sending));
  } catch (error) {
    sending.signal.throwIfAborted();
    if (error instanceof SourceProblem) return fail<Failure>(error.failure);
    throw error;
  } finally {
    loan.giveBack();
  }
}

/** Reads the part into memory, hashing on the way, and sends the very bytes that were hashed. */
async function sendHeld(
  { source, range }: PartToSend,
  bytes: Uint8Array,
  sending: Sending,
): Promise<Result<HttpAnswer>> {
  const hashes = await SourceReader.using(source, async (reader) => {
    const hasher = sending.newHasher();
    await reader.verify();
    const targetOf = (index: number, length: number) => bytes.subarray(index * READ_STEP, index * READ_STEP + length);
    for await (const step of reader.steps(range, targetOf, sending.signal)) hasher.update(step);
    await reader.verify();
    return hasher.digest();
  });
  return sending.connections.send(await sending.prepare(hashes), bytes, sending);
}

/** Hashes the part in a first pass over the file and sends it in a second one. */
function sendInTwoPasses(
  { source, range }: PartToSend,
  bytes: Uint8Array,
  sending: Sending,
): Promise<Result<HttpAnswer>> {
  // One step is used while the next is read.
  const targetOf = (index: number, length: number) =>
    bytes.subarray((index % 2) * READ_STEP, (index % 2) * READ_STEP + length);
  return SourceReader.using(source, async (reader) => {
    const steps = () => reader.steps(range, targetOf, sending.signal);
    const hasher = sending.newHasher();
    await reader.verify();
    for await (const step of steps()) hasher.update(step);
    await reader.verify();
    const hashes = hasher.digest();
    const head = await sending.prepare(hashes);
    const body = checked(steps(), rangeLength(range), hashes.linear, reader);
    try {
      const headers = { ...head.headers, 'content-length': String(rangeLength(range)) };
      return await sending.connections.send({ ...head, headers }, body, sending);
    } finally {
      // Neither the file nor the memory may be let go while a step is still being read.
      await body.return();
    }
  });
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
