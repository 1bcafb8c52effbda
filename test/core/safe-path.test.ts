import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeRelativePath } from '../../shared/safe-path.ts';

const bytes = (text: string): number => Buffer.byteLength(text);

describe('the path under which an archive is retrieved', () => {
  it.each([
    ['photos/räksmörgås.jpg', 'photos/räksmörgås.jpg'],
    ['photos/2025 📷/Agátka ve školce .cr2', 'photos/2025 📷/Agátka ve školce .cr2'],
    ['/home/u/a.raw', 'home/u/a.raw'],
    ['../../etc/x', 'etc/x'],
    ['a/../../b/./c', 'a/b/c'],
    ['..\\..\\etc\\x', 'etc/x'],
    ['C:\\Windows\\x', 'C/Windows/x'],
    ['c:x', 'c/x'],
    ['\\\\server\\share\\x', 'server/share/x'],
    ['\\\\?\\C:\\x', 'C/x'],
    ['\\\\?\\UNC\\server\\share\\x', 'server/share/x'],
    ['\\\\.\\pipe\\x', 'pipe/x'],
    ['//?/C:/../x', 'C/x'],
    ['/C:/x', 'C/x'],
    ['a.txt:stream', 'a.txt_stream'],
    ['what? <is> "this"|*', 'what_ _is_ _this___'],
    ['a/con/b', 'a/_con/b'],
    ['NUL', '_NUL'],
    ['nul.txt', '_nul.txt'],
    ['aux .tar.gz', '_aux .tar.gz'],
    ['COM1', '_COM1'],
    ['lpt².log', '_lpt².log'],
    ['conin$', '_conin$'],
    ['console.log', 'console.log'],
    ['trailing. ', 'trailing__'],
    ['a /b./c', 'a_/b_/c'],
    ['...', '___'],
    ['. .', '___'],
    ['two\nlines\u0000\u001b[2J', 'two_lines__[2J'],
    ['photo\u202egpj.exe', 'photo_gpj.exe'],
    ['half \ud83d character', 'half _ character'],
    ['folder/', 'folder'],
    ['', 'unnamed'],
    ['/', 'unnamed'],
    ['..', 'unnamed'],
    ['C:', 'C'],
    ['__proto__', '__proto__'],
  ])('of %j is %j', (path, safe) => {
    expect(safeRelativePath(path)).toBe(safe);
  });

  it('of a very long name keeps its beginning and its extension, and tells it from others', () => {
    const safe = safeRelativePath(`photos/${'ö'.repeat(10_000)}.cr2`);
    expect(safe).toMatch(/^photos\/ö+~[0-9a-f]{8}\.cr2$/);
    expect(bytes(safe)).toBeLessThan(256);
    expect(safeRelativePath(`photos/${'ö'.repeat(9999)}.cr2`)).not.toBe(safe);
  });

  it('of a very long path keeps its end, and tells it from others', () => {
    const path = `${'a folder/'.repeat(1200)}photo.cr2`;
    const safe = safeRelativePath(path);
    expect(safe).toMatch(/^~[0-9a-f]{8}\/a folder\/.*\/photo\.cr2$/);
    expect(bytes(safe)).toBeLessThanOrEqual(700);
    expect(safeRelativePath(`b/${path}`)).not.toBe(safe);
  });

  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('/', '\\', '..', '.', ' ', ':', 'C:', 'nul', 'CON', 'com1', '.txt', '\u202e', '\ud800', '~', '_'),
    fc.string({ unit: 'grapheme', minLength: 250, maxLength: 300 }),
  );
  const paths = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

  it('never leaves the folder, on no system', () => {
    fc.assert(
      fc.property(paths, (path) => {
        const safe = safeRelativePath(path);
        expect(posix.resolve('/target', safe)).toBe(`/target/${safe}`);
        expect(win32.resolve('D:\\target', safe)).toBe(`D:\\target\\${safe.replaceAll('/', '\\')}`);
      }),
    );
  });

  it('has only names that every file system takes, and is short enough', () => {
    fc.assert(
      fc.property(paths, (path) => {
        const safe = safeRelativePath(path);
        expect(safe.isWellFormed()).toBe(true);
        expect(bytes(safe)).toBeLessThanOrEqual(700);
        for (const name of safe.split('/')) {
          expect(name).toMatch(/^[^\\<>:"|?*\p{Cc}]*[^\\<>:"|?*\p{Cc}. ]$/u);
          expect(name).not.toMatch(/^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$/i);
          expect(bytes(name)).toBeLessThanOrEqual(200);
        }
      }),
    );
  });

  it('stays as it is when it is safe already', () => {
    fc.assert(
      fc.property(paths, (path) => {
        const safe = safeRelativePath(path);
        expect(safeRelativePath(safe)).toBe(safe);
      }),
    );
  });
});
