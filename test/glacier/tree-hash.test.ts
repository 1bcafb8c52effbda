import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partCount, partRange } from '../../shared/part-plan.ts';
import { MiB } from '../../shared/units.ts';
import type { TreeHash } from '../../shared/upload.ts';
import { PartHasher, TreeHasher, combineTreeHashes } from '../../main/core/tree-hash.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';

const letters = (length: number): Buffer => Buffer.alloc(length, 'a');
const zeros = (length: number): Buffer => Buffer.alloc(length);
/** MiB number k is filled with the byte k, so that a wrong order shows. */
const numbered = (length: number): Buffer => {
  const data = Buffer.alloc(length);
  for (let k = 0; k * MiB < length; k += 1) data.fill(k, k * MiB, Math.min((k + 1) * MiB, length));
  return data;
};

// Agree with botocore; the one of 4,608,000 zeros is printed in Amazon's guide.
const vectors: [name: string, data: () => Buffer, treeHash: string][] = [
  ['nothing', () => Buffer.alloc(0), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['one zero', () => zeros(1), '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['"a"', () => letters(1), 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
  [
    "the guide's sentence",
    () => Buffer.from('Welcome to Amazon Glacier.'),
    '726e392cb4d09924dbad1cc0ba3b00c3643d03d14cb4b823e2f041cff612a628',
  ],
  ['1 KiB of a', () => letters(1024), '2edc986847e209b4016e141a6dc8716d3207350f416969382d431539bf292e4a'],
  ['1 MiB - 1 of zeros', () => zeros(MiB - 1), 'ca7ed0c4a8e67cbdc461c4cb0d286d2fabbd9f0c41a7f42b665f72ebaa8aec56'],
  ['1 MiB of zeros', () => zeros(MiB), '30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58'],
  ['1 MiB of a', () => letters(MiB), '9bc1b2a288b26af7257a36277ae3816a7d4f16e89c1e7e77d0a5c48bad62b360'],
  ['1 MiB + 1 of a', () => letters(MiB + 1), '8dd49bbc6297567fac3852c2deddcdbc57358bc403c10d4f6dc64b143ad9b27b'],
  ['2 MiB of a', () => letters(2 * MiB), '560c2c9333c719cb00cfdffee3ba293db17f58743cdd1f7e4055373ae6300afa'],
  ['3 MiB of a', () => letters(3 * MiB), '70239f4f2ead7561f69d48b956b547edef52a1280a93c262c0b582190be7db17'],
  ['3 MiB of zeros', () => zeros(3 * MiB), 'ca6cc129a4514ec765de86a4e7a49adf44842c9cac213c383ebe4071271bdf21'],
  ['4 MiB of a', () => letters(4 * MiB), '9491cb2ed1d4e7cd53215f4017c23ec4ad21d7050a1e6bb636c4f67e8cddb844'],
  ['4 MiB + 20 of a', () => letters(4 * MiB + 20), '12f3cbd6101b981cde074039f6f728071da8879d6f632de8afc7cdf00661b08f'],
  ['5 MiB of a', () => letters(5 * MiB), '1ca676a2caf9791fcf24580c2c6f9b051ebbf689720da6ff8c41f2d01cdde5ea'],
  ['6.5 MiB of a', () => letters(6.5 * MiB), '0dae0a3f606e3eae41361ffc1dc3e1c5311ae06f9c14299ca46052f89947f412'],
  ['7 MiB of a', () => letters(7 * MiB), '97c5b900ef1ea71da2b168cbc9a5ca42130bae27ca3ef3277983bc069acaba16'],
  ['2.5 MiB of zeros', () => zeros(2.5 * MiB), '17dd1b431bc97038ee8e6160ad6da476fbc1c59b5e4e89c8b90a909fbac370b7'],
  ['4,608,000 zeros', () => zeros(4_608_000), '3d760edb291bfc9d90d35809243de092aea4c47b308290ad12d084f69988ae0c'],
  ['16 MiB of zeros', () => zeros(16 * MiB), 'ded1dbf9095e9084314764a4c1586070e3074849716e24cd9c547ad45808f541'],
  [
    '16 MiB + 1 of zeros',
    () => zeros(16 * MiB + 1),
    '494d5dcdb912a8255779258541c83af5ca9bfe6460022dc3626db0fee6a45d21',
  ],
  ['2 numbered MiB', () => numbered(2 * MiB), '56000aae067539dced6beb96e22a17d7a596e8824a93fc35dd06c13fba9e9a1b'],
  ['3 numbered MiB', () => numbered(3 * MiB), 'ab17570ee8be686a3dab82afd38d793cbc47f401fc72289ab00ff6a608707378'],
  ['5 numbered MiB', () => numbered(5 * MiB), '2c55c597970ccba9f68041f6cc6170627bf12f72ceebe677ab4da93c6260294c'],
  ['6 numbered MiB', () => numbered(6 * MiB), '3142b59a0c032024555d174739f364e03b25b80c7d3c1b5edc80c5080643a5f2'],
  ['7 numbered MiB', () => numbered(7 * MiB), '03687114c17503fcdf3c531fec5967a271ae259e989fbd1a21878685ea4e1313'],
  ['9 numbered MiB', () => numbered(9 * MiB), '0af0f5a97e67dfb8b953d3b3fc97cdd188741bcba5b47488fe953118dba0a721'],
  ['13 numbered MiB', () => numbered(13 * MiB), '140d7fb37c538d38c3db92e383bf2fd8c2dbc8bf4b57e9b4d7026ec91d1430af'],
  ['6.5 numbered MiB', () => numbered(6.5 * MiB), '1bec740b9e7b5da352a727ef3b50e9b24717450758ec506d3a8d45b59ca4f759'],
];

describe('the tree hash', () => {
  test.each(vectors)('of %s', (_, data, treeHash) => {
    const bytes = data();
    expect(treeHashOf([bytes])).toBe(treeHash);
    expect(partHashesOf([bytes])).toEqual({ treeHash, linear: createHash('sha256').update(bytes).digest('hex') });
  });

  test.each([
    [2 * MiB, '5256ec18f11624025905d057d6befb03d77b243511ac5f77ed5e0221ce6d84b5'],
    [1 * MiB + 1, '4a3f0c0c213adea174f9a3d4c13177315b588bdb2e9c1012d3d0bf0453ca0f6a'],
  ])('comes with the linear one, of %d letters a', (size, linear) => {
    expect(partHashesOf([letters(size)]).linear).toBe(linear);
  });

  test('of an archive follows from its parts', () => {
    const parts = [
      '56000aae067539dced6beb96e22a17d7a596e8824a93fc35dd06c13fba9e9a1b',
      'd1d5b496d3337e6a861029592334a156fb35d4236b34377b7fa0d504c9f775b3',
      'd640872142ee0da7d1e4d1313d6ebb8087d5a2b1ff89dd954434ffde001fa769',
      '1fc15a7fa5716499f176527299306aedc7f7ee9c523932efb6da89e71886726d',
    ] as TreeHash[];
    expect(combineTreeHashes(parts)).toBe('1bec740b9e7b5da352a727ef3b50e9b24717450758ec506d3a8d45b59ca4f759');
    const three = Array<TreeHash>(3).fill(
      'e1f2a7cd6e047fa606fe2f0280350f69b9f8cfa602097a9a026360a7edc1f553' as TreeHash,
    );
    expect(combineTreeHashes(three)).toBe('76e958e4c73b142b086ce93472b05bbea637beaf1b5392dd559e71266028cb39');
  });

  test('does not depend on how the bytes come in pieces', () => {
    const data = numbered(5 * MiB + 12_345);
    const whole = partHashesOf([data]);
    const cuts = fc.array(fc.integer({ min: 0, max: data.length }), { maxLength: 30 });
    const check = fc.property(cuts, (at) => {
      const pieces = cut(data, at);
      expect(partHashesOf(pieces)).toEqual(whole);
      expect(treeHashOf(pieces)).toBe(whole.treeHash);
    });
    fc.assert(check, { numRuns: 25 });
  });

  test('is the same by the definition, for any size and any part size', () => {
    const size = fc.integer({ min: 1, max: 9 * MiB });
    const partSize = fc.constantFrom(1, 2, 4, 8).map((n) => n * MiB);
    const check = fc.property(size, partSize, (length, partLength) => {
      const data = numbered(length);
      const parts = Array.from({ length: partCount(length, partLength) }, (_, index) => {
        const { first, last } = partRange(length, partLength, index);
        return treeHashOf([data.subarray(first, last + 1)]);
      });
      expect(combineTreeHashes(parts)).toBe(treeHashByDefinition(data));
    });
    fc.assert(check, { numRuns: 25 });
  });
});

function cut(data: Buffer, at: number[]): Buffer[] {
  const edges = [0, ...at.toSorted((a, b) => a - b), data.length];
  return edges.slice(1).map((end, index) => data.subarray(edges[index], end));
}

function partHashesOf(pieces: Buffer[]) {
  const hasher = new PartHasher();
  for (const piece of pieces) hasher.update(piece);
  return hasher.digest();
}

function treeHashOf(pieces: Buffer[]): TreeHash {
  const hasher = new TreeHasher();
  for (const piece of pieces) hasher.update(piece);
  return hasher.digest();
}
