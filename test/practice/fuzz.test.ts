import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, HOUR, MiB } from '../../shared/units.ts';
import type { Faults } from '../support/practice/faults.ts';
import { type PracticeBench, startBench } from '../support/practice-bench.ts';
import { treeHashByDefinition as treeHashOf } from '../support/tree-hash-by-definition.ts';

/** `npm run fuzz` sets these; otherwise a few sequences, which are other ones each time. */
const runs = Number(process.env['FIRN_FUZZ_RUNS'] ?? 30);
const seed = Number(process.env['FIRN_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

type Step =
  | { kind: 'initiate' | 'restart' | 'abort' | 'complete' | 'idle' }
  | { kind: 'part'; index: number; length: number; fill: number; damaged: boolean; anew: boolean };

// Weighted so that most sequences complete something.
const partStep = fc.record({
  kind: fc.constant('part' as const),
  index: fc.constantFrom(0, 0, 0, 0, 1, 1, 2),
  length: fc.constantFrom(MiB, MiB, MiB, MiB, MiB, 700),
  fill: fc.integer({ min: 1, max: 255 }),
  damaged: fc.constantFrom(false, false, false, false, false, true),
  anew: fc.constantFrom(true, true, true, false),
});
const plainKinds = ['complete', 'complete', 'complete', 'complete', 'restart', 'initiate', 'abort', 'idle'] as const;
const plainStep = fc.record({ kind: fc.constantFrom(...plainKinds) });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof({ weight: 2, arbitrary: partStep }, { weight: 1, arbitrary: plainStep }),
  { minLength: 10, maxLength: 30, size: 'max' },
);

/** What may lie in the service at each index: more than one thing where an answer was lost. Null: nothing. */
type Possible = Map<number, (Buffer | null)[]>;
/** `whole`: what the client believes in has no gap, and no short part but the last. */
type Completion = { uploadId: string; size: number; treeHash: string; whole: boolean };

/** A client that knows what it did and what it was told, and nothing else. */
class Client {
  readonly bench: PracticeBench;
  readonly asked: Completion[] = [];
  #uploadId: string | null = null;
  #possible: Possible = new Map();
  #ended = true;
  /** Not even a completion is remembered. */
  #forgotten = false;

  constructor(bench: PracticeBench) {
    this.bench = bench;
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'initiate':
        return this.#initiate();
      case 'restart':
        return this.bench.restart();
      case 'part':
        return this.#part(step);
      case 'complete':
        return this.#complete();
      case 'abort':
        return this.#abort();
      case 'idle':
        this.#idle();
    }
  }

  async #initiate(): Promise<void> {
    const reply = await this.#try(() => this.bench.client.initiate('photos', 1 * MiB));
    if (reply?.status !== 201) return;
    this.#uploadId = String(reply.headers['x-amz-multipart-upload-id']);
    this.#possible = new Map();
    this.#ended = false;
    this.#forgotten = false;
  }

  /** `anew`: begins another upload when this one has ended, instead of sending into the void. */
  async #part({ index, length, fill, damaged, anew }: Extract<Step, { kind: 'part' }>): Promise<void> {
    if (this.#ended && anew) await this.#initiate();
    const uploadId = this.#uploadId;
    if (uploadId === null) return;
    const data = Buffer.alloc(length, fill);
    const wrong = damaged ? { 'x-amz-sha256-tree-hash': treeHashOf(Buffer.alloc(1, fill)) } : {};
    const reply = await this.#try(() => this.bench.client.part('photos', uploadId, index * MiB, data, wrong));
    if (reply?.status === 204) {
      expect(damaged || this.#ended).toBe(false);
      this.#possible.set(index, [data]);
    } else if (!damaged) {
      this.#possible.set(index, [...(this.#possible.get(index) ?? [null]), data]);
    }
  }

  async #complete(): Promise<void> {
    const uploadId = this.#uploadId;
    if (uploadId === null) return;
    const believed = [0, 1, 2].map((index) => this.#possible.get(index)?.at(-1) ?? null);
    const archive = Buffer.concat(believed.filter((part) => part !== null));
    // Over a gap the client claims the length up to its last part, as one would that had not noticed.
    const last = believed.findLastIndex((part) => part !== null);
    const size = last * MiB + (believed[last]?.length ?? MiB);
    const completion = { uploadId, size, treeHash: treeHashOf(archive), whole: isWhole(believed) };
    this.asked.push(completion);
    const reply = await this.#try(() => this.bench.client.complete('photos', uploadId, size, completion.treeHash));
    if (reply?.status === 201) {
      expect([completion.whole, this.#forgotten]).toEqual([true, false]);
      this.#ended = true;
    } else if (reply?.status === 400 && reply.json['code'] === 'InvalidParameterValueException') {
      // Refused for good reason only: something is missing, short or not certain.
      const certain = [...this.#possible.values()].every((contents) => contents.length === 1);
      expect(certain && completion.whole).toBe(false);
    }
  }

  async #abort(): Promise<void> {
    const reply = await this.#try(() => this.bench.client.abort('photos', this.#uploadId ?? 'none'));
    if (reply?.status === 204) this.#ended = true;
  }

  /** More than a day without a part: whatever was open has expired. */
  #idle(): void {
    this.bench.wait(25 * HOUR);
    this.#ended = true;
    this.#forgotten = true;
  }

  /** The answer; null when there was none. */
  async #try<T>(request: () => Promise<T>): Promise<T | null> {
    try {
      return await request();
    } catch {
      return null;
    }
  }
}

/** Full parts without a gap, of which the last may be short. */
function isWhole(parts: readonly (Buffer | null)[]): boolean {
  const present = parts.filter((part) => part !== null);
  const gapless = parts.slice(0, present.length).every((part) => part !== null);
  return present.length > 0 && gapless && present.slice(0, -1).every((part) => part.length === MiB);
}

/** Every archive is what its completion asked for, byte by byte, and no upload became two. */
async function checkArchives({ client, vault, wait }: PracticeBench, asked: readonly Completion[]): Promise<void> {
  const done = vault()
    .ledger.read()
    .filter(({ operation, committed }) => operation === 'CompleteMultipartUpload' && committed);
  expect(new Set(done.map(({ multipartUploadId }) => multipartUploadId)).size).toBe(done.length);
  wait(1 * DAY);
  const described = await client.call('GET', '/-/vaults/photos');
  expect(described.json['NumberOfArchives']).toBe(done.length);
  for (const { archiveId, multipartUploadId } of done) {
    const jobId = await client.newJob('photos', { Type: 'archive-retrieval', ArchiveId: archiveId, Tier: 'Expedited' });
    wait(1 * HOUR);
    const { body } = await client.output('photos', jobId);
    const found = { uploadId: multipartUploadId, size: body.length, treeHash: treeHashOf(body), whole: true };
    expect(asked).toContainEqual(found);
  }
}

test(
  `whatever a client does and the network does to it, archives are the bytes that were acknowledged, without gaps (${runs} sequences, seed ${seed})`,
  async () => {
    const run = async (faultSeed: number, sequence: readonly Step[]): Promise<void> => {
      const faults: Faults = {};
      const bench = await startBench({ faults });
      try {
        await bench.client.createVault('photos');
        await bench.client.initiate('photos', 1 * MiB);
        faults.random = { seed: faultSeed, chance: 0.2 };
        const client = new Client(bench);
        await client.take({ kind: 'initiate' });
        for (const step of sequence) await client.take(step);
        delete faults.random;
        await checkArchives(bench, client.asked);
      } finally {
        await bench.end();
      }
    };
    await fc.assert(fc.asyncProperty(fc.integer(), steps, run), { numRuns: runs, seed, endOnFailure: true });
  },
  Math.max(60_000, runs * 2_000),
);
