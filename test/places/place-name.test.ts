import { describe, expect, test } from 'vitest';
import { calledOf, nameCalled, readPlace, writePlace } from '../../shared/place.ts';
import { valueOf } from '../support/value-of.ts';

describe('how a place is written', () => {
  test.each(['vault:photos', 's3://my-bucket', 's3://my-bucket/raw/2026', 's3://my-bucket/a b/ü'])(
    '%s reads as it is written',
    (text) => {
      const place = readPlace(text);
      expect(place.ok && writePlace(place.value)).toBe(text);
    },
  );

  test('a slash at the end of a prefix says nothing', () => {
    expect(readPlace('s3://my-bucket/')).toEqual(readPlace('s3://my-bucket'));
    expect(readPlace('s3://my-bucket/raw/')).toEqual(readPlace('s3://my-bucket/raw'));
  });

  test.each([
    ['photos', 'is no place that Firn knows'],
    ['ftp://photos', 'is no place that Firn knows'],
    ['vault:', 'cannot name a vault'],
    ['vault:my photos', 'cannot name a vault'],
    ['s3://', 'cannot name a bucket'],
    ['s3://ab', 'cannot name a bucket'],
    ['s3://My-Bucket', 'cannot name a bucket'],
    ['s3://a..b', 'cannot name a bucket'],
    ['s3://127.0.0.1', 'cannot name a bucket'],
    ['s3://my-bucket//raw', 'cannot be a prefix'],
    ['s3://my-bucket/../raw', 'cannot be a prefix'],
    ['s3://my-bucket/raw//', 'cannot be a prefix'],
    ['s3://my-bucket/a\nb', 'cannot be a prefix'],
  ])('%j is refused in words', (text, words) => {
    const place = readPlace(text);
    expect(place.ok ? '' : place.failure).toContain(words);
  });
});

test.each([
  ['vault:photos', 'photos'],
  ['s3://my-bucket/raw', 's3://my-bucket/raw'],
])('lists of places call %s %s, and that is no other place', (text, called) => {
  const place = valueOf(readPlace(text));
  expect(calledOf(place)).toBe(called);
  expect(nameCalled(called)).toEqual(place);
});
