import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GlobFilter } from '../../main/command-line/globs.ts';
import { readPaths } from '../../main/command-line/paths.ts';
import { walk } from '../../main/files/walk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const files = ['a.cr2', 'b.CR2', '.hidden', 'cache/c.cr2', '2025/cache/d.cr2', '2025/e.jpg', '2025/.git/f.cr2'];

function tree(): string {
  const folder = temporaryFolder();
  for (const file of files) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), 'x');
  }
  return folder;
}

async function found(folder: string, include: string[], exclude: string[]): Promise<string[]> {
  const filter = new GlobFilter({ include, exclude });
  const paths: string[] = [];
  for await (const one of walk([folder], new AbortController().signal, filter)) {
    if (one.ok) paths.push(one.value.path.slice(folder.length + 1));
  }
  for (const file of files) expect(filter.means(file), file).toBe(paths.includes(file));
  return paths.sort();
}

const cr2 = ['2025/.git/f.cr2', '2025/cache/d.cr2', 'a.cr2', 'cache/c.cr2'];

test.each<[string, string[], string[], string[]]>([
  ['a glob without a slash is compared with names at any depth', ['*.cr2'], [], cr2],
  ['several take what any of them takes', ['*.cr2', '*.jpg'], [], [...cr2, '2025/e.jpg'].sort()],
  ['braces and capitals mean what they say', ['*.{cr2,CR2}'], [], [...cr2, 'b.CR2'].sort()],
  ['one with a slash is compared with the path below', ['2025/**/*.cr2'], [], ['2025/.git/f.cr2', '2025/cache/d.cr2']],
  [
    'a slash at the beginning stands for what was named',
    ['*.cr2'],
    ['/cache'],
    ['2025/.git/f.cr2', '2025/cache/d.cr2', 'a.cr2'],
  ],
  ['a folder is left out with all that is in it', ['*.cr2'], ['cache'], ['2025/.git/f.cr2', 'a.cr2']],
  ['excluding goes before including', ['*.cr2'], ['.*', 'a.*'], ['2025/cache/d.cr2', 'cache/c.cr2']],
  ['excluding alone leaves the rest', [], ['2025', '.*'], ['a.cr2', 'b.CR2', 'cache/c.cr2']],
])('%s', async (_, include, exclude, expected) => {
  expect(await found(tree(), include, exclude)).toEqual(expected);
});

test('a file that is named by hand is compared by its name', async () => {
  const folder = tree();
  const filter = new GlobFilter({ include: ['*.jpg'], exclude: [] });
  const named = [join(folder, 'a.cr2'), join(folder, '2025/e.jpg')];
  const taken: string[] = [];
  for await (const one of walk(named, new AbortController().signal, filter)) if (one.ok) taken.push(one.value.path);
  expect(taken).toEqual([join(folder, '2025/e.jpg')]);
  expect(filter.passedOver).toBe(1);
});

test.each([
  ['lines', '\n', '/a\n/b c\n\n', ['/a', '/b c']],
  ['lines of Windows, behind a byte order mark', '\n', '\ufeff/a\r\n/b\r\n', ['/a', '/b']],
  ['null characters', '\0', '/a\n1\0/b\r\0', ['/a\n1', '/b\r']],
] as const)('paths are read from %s', async (_, separator, text, paths) => {
  const file = join(temporaryFolder(), 'list');
  writeFileSync(file, text);
  expect(await readPaths({ file, separator })).toEqual({ ok: true, value: paths });
});

test.each([
  ['is not there', null, 'cannot be read (ENOENT)'],
  ['is empty', Buffer.from('\n\n'), 'names no files'],
  ['is not UTF-8', Buffer.from([0x2f, 0xff]), 'is not valid UTF-8'],
  ['has null characters where lines were said', Buffer.from('/a\0/b\0'), 'say --null'],
])('a list that %s is refused in words', async (_, bytes, words) => {
  const file = join(temporaryFolder(), 'list');
  if (bytes) writeFileSync(file, bytes);
  expect(await readPaths({ file, separator: '\n' })).toEqual({
    ok: false,
    failure: expect.stringContaining(words) as string,
  });
});
