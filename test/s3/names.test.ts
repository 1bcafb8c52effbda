import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metadataHeaders, metadataIn, mtimeOf, pathIn, timeIn, timeOf } from '../../main/s3/metadata.ts';
import { readName, writeName } from '../../main/s3/object-name.ts';
import { bucketNames } from '../../main/s3/ports/bucket-names.ts';
import { archiveIdOf, objectOf } from '../../main/s3/refs.ts';

const modifiedAt = 1_796_036_540_537;
const names = bucketNames('archive/2026');
const encode = (below: string) => readName(names.encode({ path: `/home/${below}`, below, modifiedAt }));

describe('a file gets a key', () => {
  test.each([
    ['a.raw', 'archive/2026/a.raw'],
    ['Urlaub/räksmörgås 1+(2).jpg', 'archive/2026/Urlaub/räksmörgås 1+(2).jpg'],
    // Decomposed, as macOS has them: S3 would take them for other names.
    ['Aga\u0301tka.cr2', 'archive/2026/Ag\u00e1tka.cr2'],
    ['odd\u0001name\n.txt', 'archive/2026/odd_name_.txt'],
    ['../up/./here//x', 'archive/2026/__/up/_/here/x'],
  ])('for %j: %j', (below, key) => {
    expect(encode(below).key).toBe(key);
  });

  test('below the prefix, or at the top when there is none', () => {
    expect(readName(bucketNames('').encode({ path: '/a', below: 'a', modifiedAt })).key).toBe('a');
  });

  test('that is cut where it is too long, and stays apart from others that begin alike', () => {
    const long = (end: string): string => `${'ö'.repeat(600)}/${end}.cr2`;
    const [one, other] = [encode(long('one')), encode(long('other'))];
    for (const { key } of [one, other]) expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1024);
    expect(one.key).toMatch(/~[0-9a-f]{16}\.cr2$/);
    expect(one.key).not.toBe(other.key);
  });

  test('and is found again by it, whatever it is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: -1e13, max: 1e13 }), (below, at) => {
        const name = names.encode({ path: `/x/${below}`, below, modifiedAt: at });
        const { key } = readName(name);
        expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1024);
        expect(names.decode(name)).toMatchObject({ path: below, modifiedAt: at });
      }),
    );
  });
});

describe('metadata', () => {
  const note = (below: string) => metadataHeaders({ name: encode(below), token: 'f'.repeat(32), partSize: 8 << 20 });

  test('has what other tools read, and what Firn needs', () => {
    expect(note('a.raw')).toEqual({
      'x-amz-meta-mtime': '1796036540.537',
      'x-amz-meta-firn-v': '1',
      'x-amz-meta-firn-upload': 'ffffffffffffffffffffffffffffffff',
      'x-amz-meta-firn-part-size': '8388608',
    });
  });

  test('has the exact path where the key differs from it, in printable ASCII without blanks', () => {
    for (const below of ['Aga\u0301tka.cr2', 'x\n  y\u0001', 'a//b', `${'ö'.repeat(700)}.cr2`]) {
      const headers = note(below);
      expect(Object.values(headers).every((value) => /^[!-~]*$/.test(value))).toBe(true);
      const size = Object.entries(headers).reduce((sum, [name, value]) => sum + name.length - 11 + value.length, 0);
      expect(size).toBeLessThan(2048);
      const path = pathIn(metadataIn(headers));
      if (Buffer.byteLength(below) < 400) expect(path).toBe(below);
      else expect(path).toMatch(/^…\/ö+\.cr2$/);
    }
  });

  test.each<[string, Record<string, string>, number | null]>([
    ['rclone', { mtime: '1796036540.537600457' }, 1_796_036_540_538],
    ['s3fs', { mtime: '1796036540' }, 1_796_036_540_000],
    ['Cyberduck in milliseconds', { mtime: '1796036540537' }, 1_796_036_540_537],
    [
      's3cmd',
      { 's3cmd-attrs': 'atime:1796036541/ctime:1796036540/gid:0/gname:root/md5:00/mode:33188/mtime:1796036540/uid:0' },
      1_796_036_540_000,
    ],
    ['nobody', {}, null],
    ['somebody who wrote nonsense', { mtime: 'yesterday' }, null],
  ])('of %s tells the time of the file', (_, metadata, time) => {
    expect(timeIn(metadata)).toBe(time);
  });

  test('keeps each time as it was', () => {
    for (const ms of [0, 1, -1, -1500, 999, 1000, 1_796_036_540_537, -62_135_596_800_000])
      expect(timeOf(mtimeOf(ms))).toBe(ms === 0 ? 0 : ms);
  });
});

test('a name that stands for a key alone is the key, and any key can be one', () => {
  expect(writeName({ key: 'a/b' })).toBe('a/b');
  for (const key of ['a/b', '{"key":"x"}', '{', '{}']) expect(readName(writeName({ key }))).toEqual({ key });
});

test('an ID of an object holds all that tells it from others', () => {
  for (const object of [
    { key: 'a b  c', versionId: 'v.1_x', etag: 'abc-3' },
    { key: ' a\n', versionId: null, etag: '' },
  ])
    expect(objectOf(archiveIdOf(object))).toEqual(object);
  expect(objectOf('A'.repeat(138) as never)).toBeNull();
});
