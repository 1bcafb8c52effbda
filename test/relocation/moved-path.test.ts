import { expect, it } from 'vitest';
import { commonMove, endsOf, movedPath } from '../../main/relocation/moved-path.ts';

it.each([
  ['/v/Shoots/a/b.raw', '/v/Shoots', '/v/Shoots 1', '/v/Shoots 1/a/b.raw'],
  ['/v/Shoots/b.raw', '/v/Shoots/', '/w', '/w/b.raw'],
  ['/v/Shoots/b.raw', '/v/Shoots/b.raw', '/w/c.raw', '/w/c.raw'],
  ['/v/Shoots2/b.raw', '/v/Shoots', '/w', null],
  ['/v', '/v/Shoots', '/w', null],
  ['D:\\Photos\\a\\b.raw', 'd:/photos', '/w', '/w/a/b.raw'],
])('%s, when %s has become %s, is %s', (path, from, to, expected) => {
  expect(movedPath(path, from, to, false)).toBe(expected);
});

it('follows another spelling only where that is the same file', () => {
  expect(movedPath('/v/shoots/b.raw', '/v/Shoots', '/w', false)).toBe(null);
  expect(movedPath('/v/shoots/b.raw', '/v/Shoots', '/w', true)).toBe('/w/b.raw');
});

it.each([
  ['/v/Shoots/a/b.raw', '/v/Shoots 1/a/b.raw', '/v/Shoots', '/v/Shoots 1'],
  ['/v/Shoots/b.raw', '/w/c.raw', '/v/Shoots/b.raw', '/w/c.raw'],
  ['D:\\Photos\\b.raw', 'E:\\Photos\\b.raw', 'D:', 'E:'],
  ['/home/anna/Pictures/b.raw', '/home/bea/Pictures/b.raw', '/home/anna', '/home/bea'],
])('%s found as %s tells that %s has become %s', (was, is, from, to) => {
  expect(commonMove(was, is, false)).toEqual({ from, to });
});

it('looks for a file by the ends of its path, the longest first', () => {
  expect(endsOf('/v/a/b.raw')).toEqual(['v/a/b.raw', 'a/b.raw', 'b.raw']);
});
