import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, HOUR, MiB } from '../../shared/units.ts';
import type { Faults } from '../../main/practice/server.ts';
import { type PracticeBench, startBench } from '../support/practice-bench.ts';
import { treeHashByDefinition as treeHashOf } from '../support/tree-hash-by-definition.ts';

/** Sequences to try; the long run sets more. */
const runs = Number(process.env['FIRN_FUZZ_RUNS'] ?? 30);

type Step =
  | { kind: 'initiate' | 'restart' | 'abort' | 'complete' }
  | { kind: 'part'; index: number; length: number; fill: number; damaged: boolean };

const partStep = fc.record({
  kind: fc.constant('part' as const),
  index: fc.constantFrom(0, 0, 0, 1, 1, 2),
  length: fc.constantFrom(MiB, MiB, MiB, 700),
  fill: fc.integer({ min: 1, max: 255 }),
  damaged: fc.constantFrom(false, false, false, false, true),
});
const plainStep = fc.record({ kind: fc.constantFrom('initiate', 'restart', 'abort', 'complete', 'complete' as const) });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: partStep }, { weight: 2, arbitrary: plainStep }),
  {
    minLength: 5,
    maxLength: 30,
  },
);

/** What may lie in the service at each index: more than one thing where an answer was lost. Null: nothing. */
type Possible = Map<number, (Buffer | null)[]>;
type Completion = { uploadId: string; size: number; treeHash: string };

/** A client that knows what it did and what it was told, and nothing else. */
class Client {
  readonly bench: PracticeBench;
  readonly asked: Completion[] = [];
  #uploadId: string | null = null;
  #possible: Possible = new Map();
  #ended = false;

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
    }
  }

  async #initiate(): Promise<void> {
    const reply = await this.#try(() => this.bench.client.initiate('photos', 1 * MiB));
    if (reply?.status !== 201) return;
    this.#uploadId = String(reply.headers['x-amz-multipart-upload-id']);
    this.#possible = new Map();
    this.#ended = false;
  }

  async #part({ index, length, fill, damaged }: Extract<Step, { kind: 'part' }>): Promise<void> {
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
    const completion = { uploadId, size, treeHash: treeHashOf(archive) };
    this.asked.push(completion);
    const reply = await this.#try(() => this.bench.client.complete('photos', uploadId, size, completion.treeHash));
    if (reply?.status === 201) {
      expect(isWhole(believed)).toBe(true);
      this.#ended = true;
    } else if (reply?.status === 400 && reply.json['code'] === 'InvalidParameterValueException') {
      // Refused for good reason only: something is missing, short or not certain.
      const certain = [...this.#possible.values()].every((contents) => contents.length === 1);
      expect(certain && isWhole(believed)).toBe(false);
    }
  }

  async #abort(): Promise<void> {
    const reply = await this.#try(() => this.bench.client.abort('photos', this.#uploadId ?? 'none'));
    if (reply?.status === 204) this.#ended = true;
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
    const found = { uploadId: multipartUploadId, size: body.length, treeHash: treeHashOf(body) };
    expect(asked).toContainEqual(found);
  }
}

test(
  'whatever a client does and the network does to it, archives are the bytes that were acknowledged, without gaps',
  async () => {
    const run = async (seed: number, sequence: readonly Step[]): Promise<void> => {
      const faults: Faults = {};
      const bench = await startBench({ faults });
      try {
        await bench.client.createVault('photos');
        await bench.client.initiate('photos', 1 * MiB);
        faults.random = { seed, chance: 0.3 };
        const client = new Client(bench);
        await client.take({ kind: 'initiate' });
        for (const step of sequence) await client.take(step);
        delete faults.random;
        await checkArchives(bench, client.asked);
      } finally {
        await bench.end();
      }
    };
    await fc.assert(fc.asyncProperty(fc.integer(), steps, run), { numRuns: runs, endOnFailure: true });
  },
  Math.max(60_000, runs * 2_000),
);
