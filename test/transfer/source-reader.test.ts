import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MiB } from '../../shared/units.ts';
import type { SourceFile } from '../../main/core/ports.ts';
import { SourceProblem } from '../../main/transfer/source-problem.ts';
import { SourceReader } from '../../main/transfer/source-reader.ts';
import { sourceAt } from '../support/glacier-bench.ts';

const never = new AbortController().signal;
let folder = '';
let source: SourceFile;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'firn-source-'));
  const path = join(folder, 'file');
  await writeFile(path, Buffer.alloc(2 * MiB + 1, 'a'));
  source = await sourceAt(path);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the file is no longer the one that was added when', () => {
  const changes: [what: string, change: () => Promise<void>, words: string][] = [
    ['it has grown', () => appendFile(source.path, 'b'), 'it grew by 1 byte'],
    ['it has shrunk', () => truncate(source.path, MiB), 'it became 1.00 MiB shorter'],
    ['it was written to', () => writeFile(source.path, Buffer.alloc(2 * MiB + 1, 'b')), 'it was written to'],
    ['its time was set', () => utimes(source.path, 1, 1), 'it was written to'],
    [
      'another one was renamed to its name',
      async () => {
        await writeFile(join(folder, 'other'), Buffer.alloc(2 * MiB + 1, 'a'));
        await rename(join(folder, 'other'), source.path);
      },
      'another file took its place',
    ],
    [
      'a link took its name',
      async () => {
        await rename(source.path, join(folder, 'other'));
        await symlink(join(folder, 'other'), source.path);
      },
      'another file took its place',
    ],
  ];
  test.each(changes)('%s while it is open', async (_, change, what) => {
    const verified = SourceReader.using(source, async (reader) => {
      await reader.verify();
      await change();
      await reader.verify();
    });
    expect(await problemOf(verified)).toEqual({ kind: 'file-changed', path: source.path, what });
  });
});

test('a file that had another in its place when it was opened is not mistaken for it afterwards', async () => {
  await rename(source.path, join(folder, 'mine'));
  await writeFile(source.path, Buffer.alloc(2 * MiB + 1, 'a'));
  const verified = SourceReader.using(source, async (reader) => {
    await rename(join(folder, 'mine'), source.path);
    await reader.verify();
  });
  expect(await problemOf(verified)).toMatchObject({ kind: 'file-changed', what: 'another file took its place' });
});

test('a file that was removed while it is open is missing', async () => {
  const verified = SourceReader.using(source, async (reader) => {
    await rm(source.path);
    await reader.verify();
  });
  expect(await problemOf(verified)).toEqual({ kind: 'source-missing', path: source.path });
});

test('a file that became shorter cannot be read to its end', async () => {
  const read = SourceReader.using(source, async (reader) => {
    await truncate(source.path, MiB);
    const steps = reader.steps({ first: 0, last: 2 * MiB }, () => Buffer.alloc(MiB), never);
    while (!(await steps.next()).done);
  });
  expect(await problemOf(read)).toEqual({ kind: 'file-changed', path: source.path, what: 'it became shorter' });
});

test('neither a link nor a pipe in its place is opened', async () => {
  await rename(source.path, join(folder, 'other'));
  await symlink(join(folder, 'other'), source.path);
  expect(await problemOf(SourceReader.using(source, (reader) => reader.verify()))).toMatchObject({
    kind: 'file-changed',
    what: 'a link took its place',
  });
  await rm(source.path);
  execFileSync('mkfifo', [source.path]);
  expect(await problemOf(SourceReader.using(source, (reader) => reader.verify()))).toMatchObject({
    kind: 'file-changed',
  });
});

test('the steps of a range are its bytes in order', async () => {
  const content = randomBytes(3 * MiB);
  await writeFile(source.path, content);
  const range = { first: 5, last: 2 * MiB + 17 };
  const steps = await SourceReader.using(source, async (reader) => {
    const copies: Buffer[] = [];
    const two = [Buffer.alloc(MiB), Buffer.alloc(MiB)];
    for await (const step of reader.steps(range, (index) => two[index % 2] ?? Buffer.alloc(0), never)) {
      copies.push(Buffer.from(step));
    }
    return copies;
  });
  expect(steps.map(({ length }) => length)).toEqual([MiB, MiB, 13]);
  expect(Buffer.concat(steps).equals(content.subarray(range.first, range.last + 1))).toBe(true);
});

async function problemOf(promise: Promise<unknown>) {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof SourceProblem) return error.failure;
  throw error;
}
