import { appendFileSync, mkdirSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFile } from '../../main/checks/check-file.ts';
import { localFiles } from '../../main/files/local-files.ts';
import { MiB } from '../../shared/units.ts';
import type { TreeHash } from '../../shared/upload.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';

const never = new AbortController().signal;

/** A file and what the catalogue would know of its archive. */
function archived(bytes: Buffer = Buffer.from('five!')) {
  const folder = temporaryFolder();
  const path = join(folder, 'a.raw');
  writeFileSync(path, bytes);
  const treeHash = treeHashByDefinition(bytes) as TreeHash;
  const archive = { path, size: bytes.length, treeHash, toldBy: 'upload' as const, ...asItIs };
  return { folder, path, archive };
}

const asItIs = { compressed: false, encrypted: false, originalSize: null as number | null };

type Archived = ReturnType<typeof archived>['archive'];

const check = (archive: Archived | (Omit<Archived, 'path' | 'toldBy'> & { path: string | null; toldBy: 'import' })) =>
  checkFile(archive, { files: localFiles, signal: never, onHashed: () => undefined });

describe('a check against the local file', () => {
  it('finds it the same, whatever its time says, and keeps its identity', async () => {
    const { path, archive } = archived();
    utimesSync(path, 1, 1);
    const identity = await localFiles.identify(path);
    expect(await check(archive)).toEqual({
      kind: 'same',
      treeHash: archive.treeHash,
      file: identity.ok && identity.value,
    });
  });

  it.each([
    [
      'encrypted, with the size that the file had',
      { encrypted: true, originalSize: 5 },
      { kind: 'packed', sameSize: true },
    ],
    ['compressed, with no size told', { compressed: true }, { kind: 'packed', sameSize: false }],
    ['of another size than the file had', { originalSize: 5 }, { kind: 'packed', sameSize: true }],
    [
      'encrypted, and the file is another one now',
      { encrypted: true, originalSize: 7 },
      { kind: 'changed', what: 'it is 2 bytes shorter' },
    ],
  ])('does not compare bytes with an archive that is %s', async (_, told, expected) => {
    const { archive } = archived();
    expect(await check({ ...archive, size: 14_547, ...told })).toEqual(expected);
  });

  it('reads a file of several pieces whole, and tells how far it is', async () => {
    const bytes = Buffer.alloc(129 * MiB + 3, 'firn');
    const { archive } = archived(bytes);
    const told: number[] = [];
    const outcome = await checkFile(archive, {
      files: localFiles,
      signal: never,
      onHashed: (count) => told.push(count),
    });
    expect(outcome.kind).toBe('same');
    expect(told).toEqual([64 * MiB, 128 * MiB, bytes.length]);
  });

  it.each([
    [
      'it is 1 byte longer',
      (path: string) => {
        appendFileSync(path, 'x');
      },
    ],
    [
      'it is 2 bytes shorter',
      (path: string) => {
        truncateSync(path, 3);
      },
    ],
    [
      'it has as many bytes, but not the same',
      (path: string) => {
        writeFileSync(path, 'FIVE!');
      },
    ],
  ])('finds it changed: %s', async (what, change) => {
    const { path, archive } = archived();
    change(path);
    expect(await check(archive)).toEqual({ kind: 'changed', what });
  });

  it('finds out that it was written to while it was read', async () => {
    const { path, archive } = archived();
    const files = {
      identify: (path: string) => localFiles.identify(path),
      hashRange: async (...args: Parameters<typeof localFiles.hashRange>) => {
        const hashed = await localFiles.hashRange(...args);
        utimesSync(path, 2, 2);
        return hashed;
      },
    };
    const outcome = await checkFile(archive, { files, signal: never, onHashed: () => undefined });
    expect(outcome).toEqual({ kind: 'changed', what: 'it was written to while Firn read it' });
  });

  it('finds it missing, a link, or a folder', async () => {
    const { path, folder, archive } = archived();
    rmSync(path);
    expect(await check(archive)).toEqual({ kind: 'missing' });
    symlinkSync(join(folder, 'elsewhere'), path);
    expect(await check(archive)).toMatchObject({ kind: 'unreadable', failure: { what: 'a symbolic link' } });
    rmSync(path);
    mkdirSync(path);
    expect(await check(archive)).toMatchObject({ kind: 'unreadable', failure: { what: 'a folder' } });
  });

  it.each([null, 'photos/a.raw', '../../etc/passwd', '//evil.example/share/a.raw', '\\\\evil\\share\\a.raw'])(
    'looks for no file at %s',
    async (path) => {
      const { archive } = archived();
      expect(await check({ ...archive, path, toldBy: 'import' })).toEqual({ kind: 'no-path' });
    },
  );

  it('ends at once when it is stopped', async () => {
    const { archive } = archived(Buffer.alloc(3 * MiB));
    const stop = new AbortController();
    stop.abort();
    const reading = { files: localFiles, signal: stop.signal, onHashed: () => undefined };
    await expect(checkFile(archive, reading)).rejects.toBe(stop.signal.reason);
  });
});
