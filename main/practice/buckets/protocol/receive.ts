import { createHash } from 'node:crypto';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import type { Arrival } from '../../exchange/api.ts';
import { type Listener, keepBody, readBody } from '../../exchange/body.ts';
import type { Claim } from '../../signature/verify.ts';
import { type ChecksumAlgorithm, headerOf as checksumHeader, startChecksum } from '../checksums/algorithms.ts';
import { type Body, type BodyPlan, type Head, type Told, headerOf } from './call.ts';
import { readMd5, readOne, readTold } from './checksum-headers.ts';
import { ChunkSigner } from './chunk-signer.ts';
import { type Payload, dataOf } from './payload.ts';
import { Refused } from './refused.ts';
import { type Refusal, refusals } from './refusals.ts';

type Reading = { plan: BodyPlan; claim: Claim; payload: Payload; file: FileToBe; region: string };
/** Where the data of a body is kept meanwhile. */
export type FileToBe = { name: string; path: string };

type Refuse = (refused: Refusal) => Promise<Result<never, Refusal>>;

/** What the head tells of the body, to be compared with what comes. Hashes in hexadecimal, checksums in Base64. */
type Promised = {
  length: number;
  md5: string | null;
  told: Told | null;
  /** Of the checksum that comes after the body; null when none does. */
  trailer: { header: string; algorithm: ChecksumAlgorithm } | null;
};

/** Reads the body as planned, and compares it with all that the head told of it. */
export async function receiveBody(
  arrival: Arrival,
  head: Head,
  reading: Reading,
  refuse: Refuse,
): Promise<Result<Body, Refusal>> {
  const promised = readPromises(head, reading);
  if (!promised.ok) return refuse(promised.failure);
  try {
    return await read(arrival, reading, promised.value);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await dropBody(arrival.bytes);
    return fail(error.refusal);
  }
}

/** Reads the rest of a body and forgets it. */
export async function dropBody(bytes: AsyncIterable<Buffer>): Promise<void> {
  await readBody(bytes, -1, []);
}

function readPromises({ headers }: Head, { plan, payload }: Reading): Result<Promised, Refusal> {
  const isChunked = payload.kind === 'chunked';
  const lengthText = headerOf(headers, isChunked ? 'x-amz-decoded-content-length' : 'content-length');
  if (headerOf(headers, 'transfer-encoding') !== null && !isChunked) {
    return fail(refusals.notImplemented('Transfer-Encoding'));
  }
  if (plan.kind === 'data' && !/^\d{1,15}$/.test(lengthText ?? '')) return fail(refusals.lengthMissing());
  const length = Number(lengthText ?? 0);
  if (length > plan.maxLength) {
    return fail(
      plan.kind === 'data' ? refusals.tooLarge(length, plan.maxLength) : refusals.messageTooLong(plan.maxLength),
    );
  }
  const md5 = readMd5(headers);
  if (!md5.ok) return md5;
  const told = plan.kind === 'small' && plan.tellsObject ? ok(null) : readTold(headers);
  if (!told.ok) return told;
  const trailer = readTrailerName(headerOf(headers, 'x-amz-trailer'));
  if (!trailer.ok) return trailer;
  const isChecked = md5.value !== null || told.value !== null || trailer.value !== null;
  if (plan.kind === 'small' && plan.needsChecksum && !isChecked) return fail(refusals.checksumRequired());
  return ok({ length, md5: md5.value, told: told.value, trailer: trailer.value });
}

function readTrailerName(text: string | null): Result<Promised['trailer'], Refusal> {
  if (text === null) return ok(null);
  const header = text.trim().toLowerCase();
  const algorithm = (['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const).find(
    (known) => checksumHeader(known) === header,
  );
  return algorithm
    ? ok({ header, algorithm })
    : fail(
        refusals.argument('The value specified in the x-amz-trailer header is not supported', 'x-amz-trailer', text),
      );
}

async function read(arrival: Arrival, reading: Reading, promised: Promised): Promise<Result<Body, Refusal>> {
  const { plan, payload, claim, file, region } = reading;
  const trailer = new Map<string, string>();
  const signer = payload.kind === 'chunked' && payload.isSigned ? new ChunkSigner(claim, region) : null;
  const source = payload.kind === 'chunked' ? dataOf(arrival.bytes, { signer, trailer }) : arrival.bytes;
  const wanted = new Set([...(plan.kind === 'data' ? plan.compute : []), ...algorithmsOf(promised)]);
  const md5 = createHash('md5');
  // One hash serves the signature and a checksum of its kind.
  if (payload.kind === 'hashed') wanted.add('SHA256');
  const running = new Map([...wanted].map((algorithm) => [algorithm, startChecksum(algorithm)] as const));
  const listeners: Listener[] = [md5, ...running.values()];

  const small = plan.kind === 'small' ? await readBody(source, plan.maxLength, listeners) : null;
  const length = small ? small.length : await keepBody(source, file.path, listeners);
  const checksums = new Map([...running].map(([algorithm, one]) => [algorithm, one.digest().toString('base64')]));
  const computed = { length, md5: md5.digest('hex'), checksums };
  const told = lateTold(promised, trailer);
  if (!told.ok) return told;
  const problem = mismatch(promised, told.value, payload, computed);
  if (problem) return fail(problem);
  if (!small)
    return ok({
      kind: 'data',
      length,
      file: file.name,
      md5: computed.md5,
      checksums: computed.checksums,
      told: told.value,
    });
  return small.bytes
    ? ok({ kind: 'small', length, bytes: small.bytes })
    : fail(refusals.messageTooLong(plan.maxLength));
}

function algorithmsOf({ told, trailer }: Promised): ChecksumAlgorithm[] {
  return [told, trailer].flatMap((one) => (one ? [one.algorithm] : []));
}

/** The checksum of the head, or the one that came after the body. */
function lateTold({ told, trailer }: Promised, came: ReadonlyMap<string, string>): Result<Told | null, Refusal> {
  if (!trailer) return ok(told);
  const value = came.get(trailer.header);
  return value === undefined ? fail(refusals.incomplete()) : readOne(trailer.header, value);
}

function mismatch(
  promised: Promised,
  told: Told | null,
  payload: Payload,
  computed: { length: number; md5: string; checksums: ReadonlyMap<ChecksumAlgorithm, string> },
): Refusal | null {
  if (computed.length !== promised.length) return refusals.incomplete();
  const sha256 = Buffer.from(computed.checksums.get('SHA256') ?? '', 'base64').toString('hex');
  if (payload.kind === 'hashed' && payload.sha256 !== sha256) return refusals.payloadMismatch(payload.sha256, sha256);
  if (promised.md5 !== null && promised.md5 !== computed.md5) {
    return refusals.md5Mismatch(promised.md5, Buffer.from(computed.md5, 'hex').toString('base64'));
  }
  return told && computed.checksums.get(told.algorithm) !== told.value
    ? refusals.checksumMismatch(told.algorithm)
    : null;
}
