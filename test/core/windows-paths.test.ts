import { win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileName, folderOf } from '../../renderer/parts/path.ts';
import { readDescription, writeDescription } from '../../shared/description.ts';
import { safeRelativePath } from '../../shared/safe-path.ts';

const MAX_PATH = 260;
const folders = Array.from({ length: 12 }, (_, index) => `${index} Hochzeit Müller & Söhne`);
const slashed = ['C:', 'Users', 'Ida', ...folders, 'IMG_0001.CR3'].join('/');
const long = slashed.replaceAll('/', '\\');
/** As programs write paths that are longer than Windows once took. */
const extended = `\\\\?\\${long}`;

describe('a Windows path of more than 260 characters', () => {
  it('is that long here', () => {
    expect(long.length).toBeGreaterThan(MAX_PATH);
  });

  it('is whole in the description of the archive', () => {
    const description = writeDescription({ path: long, modifiedAt: 0 });
    expect(description.length).toBeLessThanOrEqual(1024);
    expect(readDescription(description)?.path).toBe(slashed);
  });

  it.each([long, extended])('is retrieved below the folder of the user’s choice, whole: %s', (path) => {
    const relative = safeRelativePath(path);
    expect(relative).toBe(slashed.replace('C:', 'C'));
    const target = win32.join('D:\\Zurück', relative);
    expect(target.length).toBeGreaterThan(MAX_PATH);
    // What Node gives to Windows for each path of a file.
    expect(win32.toNamespacedPath(target)).toBe(`\\\\?\\${target}`);
  });

  it('is shown by its name and its folder', () => {
    expect(fileName(long)).toBe('IMG_0001.CR3');
    expect(folderOf(long)).toBe(long.slice(0, long.lastIndexOf('\\')));
  });
});
