import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../shared/units.ts';
import { type HashesOfPart, type PartHashes, PartHasher } from '../../main/core/tree-hash.ts';
import { addonFile, fastestHashers } from '../../main/transfer/part-hashers.ts';

const addon = addonFile('out/main');

describe.skipIf(!existsSync(addon))('the addon', () => {
  const newHasher = fastestHashers(join(process.cwd(), addon));

  test('is what hashes here, when the processor can run it', () => {
    const { isSupported } = createRequire(import.meta.url)(join(process.cwd(), addon)) as { isSupported: boolean };
    expect(newHasher() instanceof PartHasher).toBe(!isSupported);
  });

  test.each([0, 1, 55, 56, 63, 64, 65, MiB - 1, MiB, MiB + 1, 2 * MiB, 3 * MiB + 64, 7 * MiB, 16 * MiB, 21 * MiB + 5])(
    'agrees with JavaScript about %i bytes',
    (length) => {
      const bytes = counted(length);
      expect(hashesOf(newHasher(), [bytes])).toEqual(hashesOf(new PartHasher(), [bytes]));
    },
  );

  test('agrees with JavaScript however the bytes come in pieces', () => {
    const bytes = counted(6 * MiB);
    const length = fc.integer({ min: 0, max: bytes.length });
    const check = fc.property(length, fc.array(length, { maxLength: 12 }), (size, at) => {
      const edges = [0, ...at.filter((edge) => edge < size).toSorted((a, b) => a - b), size];
      const pieces = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
      expect(hashesOf(newHasher(), pieces)).toEqual(hashesOf(new PartHasher(), pieces));
    });
    fc.assert(check, { numRuns: 50 });
  });

  test('takes bytes from memory that threads share, and none that are not bytes', () => {
    const memory = new WebAssembly.Memory({ initial: 32, maximum: 32, shared: true });
    const bytes = new Uint8Array(memory.buffer).fill(7);
    expect(hashesOf(newHasher(), [bytes])).toEqual(hashesOf(new PartHasher(), [new Uint8Array(bytes)]));
    expect(() => {
      newHasher().update(new Float64Array(8) as unknown as Uint8Array);
    }).toThrow(TypeError);
  });
});

test('where there is no addon, or one that does not load, JavaScript hashes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firn-addon-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const broken = join(folder, 'broken.node');
  writeFileSync(broken, 'no program');
  expect(fastestHashers(broken)()).toBeInstanceOf(PartHasher);
  expect(fastestHashers(addonFile(folder))()).toBeInstanceOf(PartHasher);
});

test('an addon that computes something else is not used', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firn-addon-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const wrong = join(folder, 'wrong.cjs');
  const digests = 'end: () => Buffer.alloc(64)';
  writeFileSync(wrong, `module.exports = { isSupported: true, stateLength: 8, begin() {}, update() {}, ${digests} };`);
  expect(fastestHashers(wrong)()).toBeInstanceOf(PartHasher);
});

function hashesOf(hasher: HashesOfPart, pieces: readonly Uint8Array[]): PartHashes {
  for (const piece of pieces) hasher.update(piece);
  return hasher.digest();
}

/** Every four bytes tell where they are, so that a wrong order shows. */
function counted(length: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4)).map((_, index) => Math.imul(index, 2_654_435_761));
  return new Uint8Array(words.buffer, 0, length);
}
