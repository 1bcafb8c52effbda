import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { localFiles } from '../../main/files/local-files.ts';
import { identityOf } from '../../main/core/source-identity.ts';
import { MiB } from '../../shared/units.ts';
import { leaves } from '../support/practice-data.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';
import { withoutPrivileges } from '../support/without-privileges.ts';

const never = new AbortController().signal;

type Found = { files: string[]; leftOut: Record<string, string> };

/** Paths relative to the folder, in the order found; what was left out with its kind and cause. */
async function walk(folder: string, paths = [folder]): Promise<Found> {
  const found: Found = { files: [], leftOut: {} };
  const name = (path: string): string => path.replace(`${folder}/`, '');
  for await (const one of localFiles.walk(paths, never)) {
    if (one.ok) found.files.push(name(one.value.path));
    else {
      const { path, failure } = one.failure;
      const words = 'what' in failure ? failure.what : 'cause' in failure ? failure.cause : '';
      found.leftOut[name(path)] = `${failure.kind} ${words}`.trim();
    }
  }
  return found;
}

function write(folder: string, name: string, content: string | Uint8Array = 'x'): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

describe('adding a folder', () => {
  it('finds every file below it in the order of names', async () => {
    const folder = temporaryFolder();
    for (const name of ['b/2.raw', 'a.raw', 'b/1.raw', 'b/c/d/e.raw', 'Z.raw']) write(folder, name);
    expect(await walk(folder)).toEqual({ files: ['Z.raw', 'a.raw', 'b/1.raw', 'b/2.raw', 'b/c/d/e.raw'], leftOut: {} });
  });

  it('takes the names that photographers have', async () => {
    const folder = temporaryFolder();
    const names = [
      'Agátka ve školce .cr2',
      'two\nlines.cr2',
      'a "quoted" \'name\'.cr2',
      '📷 <&>.cr2',
      '-rf',
      'back\\slash.cr2',
      `${'ein ziemlich langer Ordner/'.repeat(11)}photo.cr2`,
    ];
    for (const name of names) write(folder, name);
    const { files, leftOut } = await walk(folder);
    expect(files.sort()).toEqual(names.sort());
    expect(leftOut).toEqual({});
  });

  it('leaves out a name that is not valid Unicode, file or folder, and says so', async () => {
    const folder = temporaryFolder();
    const raw = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from('.jpg')]);
    const rawFolder = Buffer.concat([Buffer.from(`${folder}/d`), Buffer.from([0xff])]);
    writeFileSync(raw, 'x');
    mkdirSync(rawFolder);
    writeFileSync(Buffer.concat([rawFolder, Buffer.from('/inside')]), 'x');
    write(folder, 'ok.jpg');
    expect(await walk(folder)).toEqual({
      files: ['ok.jpg'],
      leftOut: {
        'café.jpg': 'file-unreadable name-not-unicode',
        dÿ: 'file-unreadable name-not-unicode',
      },
    });
  });

  it('neither waits for a pipe nor opens a socket or a device', async () => {
    const folder = temporaryFolder();
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const server = createServer().listen(join(folder, 'socket'));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    write(folder, 'a.raw');
    expect(await walk(folder, [folder, '/dev/null'])).toEqual({
      files: ['a.raw'],
      leftOut: { pipe: 'not-a-file a named pipe', socket: 'not-a-file a socket', '/dev/null': 'not-a-file a device' },
    });
  });

  it('follows no link, so that a cycle has no beginning', async () => {
    const folder = temporaryFolder();
    write(folder, 'real/a.raw');
    symlinkSync(folder, join(folder, 'real/up'));
    symlinkSync('a.raw', join(folder, 'real/alias.raw'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    const link = 'not-a-file a symbolic link';
    expect(await walk(folder)).toEqual({
      files: ['real/a.raw'],
      leftOut: { 'real/up': link, 'real/alias.raw': link, dangling: link },
    });
  });

  it('leaves out what may not be read, and goes on', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    for (const name of ['locked.raw', 'locked/inside.raw', 'open.raw']) chmodSync(write(folder, name), 0o644);
    chmodSync(join(folder, 'locked.raw'), 0);
    chmodSync(join(folder, 'locked'), 0);
    onTestFinished(() => {
      chmodSync(join(folder, 'locked'), 0o755);
    });
    const found = await withoutPrivileges(() => walk(folder));
    expect(found.files).toEqual(['open.raw']);
    expect(Object.keys(found.leftOut)).toEqual(['locked', 'locked.raw']);
    for (const why of Object.values(found.leftOut)) expect(why).toBe('file-unreadable not-allowed');
  });

  it('says that a path is missing, or too long for the system', async () => {
    const folder = temporaryFolder();
    const { leftOut } = await walk(folder, [join(folder, 'missing'), join(folder, 'n'.repeat(300))]);
    expect(leftOut['missing']).toBe('source-missing');
    expect(leftOut['n'.repeat(300)]).toBe('file-unreadable path-too-long');
  });

  it('copes with a folder that changes while it is walked', async () => {
    const folder = temporaryFolder();
    for (const name of ['1.raw', '2.raw', '3/inside.raw', '4.raw', '5.raw']) write(folder, name);
    const seen: string[] = [];
    for await (const found of localFiles.walk([folder], never)) {
      if (seen.length === 0) {
        rmSync(join(folder, '2.raw'));
        rmSync(join(folder, '3'), { recursive: true });
        rmSync(join(folder, '4.raw'));
        symlinkSync('/etc', join(folder, '4.raw'));
        write(folder, '6.raw');
      }
      seen.push(found.ok ? 'ok' : found.failure.failure.kind);
    }
    expect(seen).toEqual(['ok', 'source-missing', 'source-missing', 'not-a-file', 'ok']);
  });

  it('stops when it is called off', async () => {
    const folder = temporaryFolder();
    for (const name of ['1.raw', '2.raw']) write(folder, name);
    const off = new AbortController();
    const reading = (async () => {
      for await (const found of localFiles.walk([folder], off.signal)) if (found.ok) off.abort(new Error('called off'));
    })();
    await expect(reading).rejects.toThrow('called off');
  });

  it('takes relative paths from where Firn runs', async () => {
    const found = await localFiles.walk(['package.json'], never)[Symbol.asyncIterator]().next();
    expect(found.value).toMatchObject({ ok: true, value: { path: join(process.cwd(), 'package.json') } });
  });
});

describe('the identity of a file', () => {
  it('is its size, its time to the nanosecond, and which file it is', async () => {
    const folder = temporaryFolder();
    const path = write(folder, 'a.raw', 'abc');
    const stats = statSync(path, { bigint: true });
    expect(await localFiles.identify(path)).toEqual({ ok: true, value: identityOf(stats) });
  });

  it('is another after each kind of change', async () => {
    const folder = temporaryFolder();
    const path = write(folder, 'a.raw', 'abc');
    const identities = new Set<string>();
    const note = async (): Promise<void> => {
      identities.add(JSON.stringify(await localFiles.identify(path)));
    };
    await note();
    utimesSync(path, 1, 1.5);
    await note();
    truncateSync(path, 2);
    await note();
    const { atimeNs, mtimeNs } = statSync(path, { bigint: true });
    renameSync(write(folder, 'b.raw', 'xy'), path);
    utimesSync(path, Number(atimeNs) / 1e9, Number(mtimeNs) / 1e9);
    await note();
    expect(identities.size).toBe(4);
  });

  it('is refused for a link that leads to a file', async () => {
    const folder = temporaryFolder();
    symlinkSync(write(folder, 'a.raw'), join(folder, 'link'));
    expect(await localFiles.identify(join(folder, 'link'))).toMatchObject({ failure: { kind: 'not-a-file' } });
  });
});

describe('the tree hash of a range', () => {
  it('is that of the range alone', async () => {
    const data = leaves(5 * MiB + 17);
    const path = write(temporaryFolder(), 'a.raw', data);
    for (const [first, last] of [
      [0, data.length - 1],
      [2 * MiB, 4 * MiB - 1],
      [5 * MiB, data.length - 1],
    ] as const) {
      const hash = await localFiles.hashRange(path, { first, last }, never);
      expect(hash).toEqual({ ok: true, value: treeHashByDefinition(data.subarray(first, last + 1)) });
    }
  });

  it('cannot be had of a file that became shorter, of none, or of a link', async () => {
    const folder = temporaryFolder();
    const path = write(folder, 'a.raw', 'abc');
    symlinkSync(path, join(folder, 'link'));
    const range = { first: 0, last: 3 };
    expect(await localFiles.hashRange(path, range, never)).toMatchObject({ failure: { kind: 'file-changed' } });
    expect(await localFiles.hashRange(join(folder, 'gone'), range, never)).toMatchObject({
      failure: { kind: 'source-missing' },
    });
    expect(await localFiles.hashRange(join(folder, 'link'), range, never)).toMatchObject({ ok: false });
  });

  it('is given up at once when it is called off', async () => {
    const path = write(temporaryFolder(), 'a.raw', leaves(3 * MiB));
    const reason = new Error('called off');
    const hashing = localFiles.hashRange(path, { first: 0, last: 3 * MiB - 1 }, AbortSignal.abort(reason));
    await expect(hashing).rejects.toBe(reason);
  });
});
