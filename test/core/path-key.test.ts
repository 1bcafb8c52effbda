import { expect, it } from 'vitest';
import { isSamePath } from '../../shared/path-key.ts';

const nfd = (text: string): string => text.normalize('NFD');

it.each([
  ['C:\\Photos\\a.raw', 'c:/photos/A.RAW'],
  ['\\\\?\\C:\\Photos\\a.raw', 'C:/Photos/a.raw'],
  ['\\\\nas\\Photos\\a.raw', '//nas/photos/a.raw'],
  ['/photos/Ärger.raw', nfd('/photos/Ärger.raw')],
])('%s and %s are one file on every system', (a, b) => {
  expect([isSamePath(a, b, false), isSamePath(b, a, true)]).toEqual([true, true]);
});

it('capitals count where the file system tells them apart', () => {
  expect(isSamePath('/photos/a.raw', '/Photos/A.raw', false)).toBe(false);
  expect(isSamePath('/photos/a.raw', '/Photos/A.raw', true)).toBe(true);
  expect(isSamePath('/photos/a\\b', '/photos/a/b', true)).toBe(false);
});
