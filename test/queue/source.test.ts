import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, MiB, SECOND } from '../../shared/units.ts';
import type { UploadId } from '../../shared/upload.ts';
import { oddlyAsync } from '../support/odd-file-system.ts';
import { underItsOldTime } from '../support/old-time.ts';
import { archivesOnDisk } from '../support/vault-on-disk.ts';
import { VAULT, World } from '../support/world.ts';

function never(): never {
  throw new Error('Nothing was added');
}

const oneByOne = { settings: { parallelParts: 1 } };

/** An upload of 4 parts whose second stands on the line while `meanwhile` runs. */
async function inTheMiddle(world: World, meanwhile: (path: string) => void): Promise<{ id: UploadId; path: string }> {
  const path = world.file('card/a.raw', 4 * MiB);
  world.line.gate('UploadMultipartPart').open();
  const gate = world.line.gate('UploadMultipartPart');
  const [id = never()] = await world.add([path]);
  await gate.arrived;
  meanwhile(path);
  gate.open();
  return { id, path };
}

/** Another file with the same size and time in its place, as a program that saves by renaming leaves it. */
function replace(path: string, content: (copy: string) => void): void {
  const { mtimeNs, atimeNs } = statSync(path, { bigint: true });
  const copy = `${path}.new`;
  copyFileSync(path, copy);
  content(copy);
  // Node sets times to the microsecond only.
  execFileSync('touch', ['-r', path, copy]);
  renameSync(copy, path);
  expect(statSync(path, { bigint: true }).mtimeNs).toBe(mtimeNs);
  expect(atimeNs).toBeGreaterThan(0n);
}

describe('a file that changes on its way', () => {
  it.each([
    [
      'grows',
      (path: string) => {
        appendFileSync(path, 'more');
      },
      'it grew',
    ],
    [
      'shrinks',
      (path: string) => {
        truncateSync(path, 3 * MiB);
      },
      'shorter',
    ],
    [
      'is written to',
      (path: string) => {
        writeFileSync(path, Buffer.alloc(4 * MiB, 1));
      },
      'it was written to',
    ],
    [
      'is replaced',
      (path: string) => {
        replace(path, (copy) => {
          writeFileSync(copy, Buffer.alloc(4 * MiB));
        });
      },
      'another file',
    ],
  ])('and %s becomes no archive, and the user reads why', async (_, change, words) => {
    const world = await World.open(oneByOne);
    const { id } = await inTheMiddle(world, change);
    await world.reaches(id, 'uploading failed file-changed');
    expect(world.upload(id).hold).toMatchObject({ failure: { what: expect.stringContaining(words) as string } });
    expect(world.line.count('CompleteMultipartUpload')).toBe(0);
    await world.app.queue.resume([id]);
    await world.reaches(id, 'uploading failed file-changed');
    expect(archivesOnDisk(world.practiceFolder, VAULT)).toEqual([]);
    const again = await world.app.queue.startOver(id, MiB);
    expect(again).toMatchObject({ ok: true, value: { added: 1 } });
    await world.rest();
    expect(world.app.catalogue.count()).toBe(1);
    expect(await world.broken()).toEqual([]);
  });

  it.each([
    [
      'grows',
      (path: string) => {
        appendFileSync(path, 'more');
      },
    ],
    [
      'grows under its old time',
      (path: string) => {
        underItsOldTime(path, () => {
          appendFileSync(path, 'more');
        });
      },
    ],
    [
      'is touched',
      (path: string) => {
        utimesSync(path, 1, 1);
      },
    ],
  ])('and %s before its turn has come becomes no archive', async (_, change) => {
    const world = await World.open();
    world.app.changeSettings({ queuePaused: true });
    const path = world.file('a.raw');
    const [id = never()] = await world.add([path]);
    change(path);
    world.app.changeSettings({ queuePaused: false });
    await world.reaches(id, 'queued failed file-changed');
    expect(world.line.count('InitiateMultipartUpload')).toBe(0);
    expect(await world.broken()).toEqual([]);
  });

  it.each([
    ['is touched', 1],
    ['comes under the time of another time zone', Math.floor(Date.now() / 1000) + 3600],
  ])('in nothing but its time (%s) goes on, because all that was sent is still there', async (_, seconds) => {
    const world = await World.open(oneByOne);
    const { id, path } = await inTheMiddle(world, (file) => {
      utimesSync(file, seconds, seconds);
    });
    await world.reaches(id, 'stored');
    expect(world.upload(id).identity.modifiedNs).toBe(statSync(path, { bigint: true }).mtimeNs.toString());
    expect(await world.broken()).toEqual([]);
  });

  it('by whole hours before its turn has come is sent', async () => {
    const world = await World.open();
    world.app.changeSettings({ queuePaused: true });
    const path = world.file('a.raw');
    const [id = never()] = await world.add([path]);
    const { mtimeMs } = statSync(path);
    utimesSync(path, Math.floor(mtimeMs / 1000) + 3600, Math.floor(mtimeMs / 1000) + 3600);
    world.app.changeSettings({ queuePaused: false });
    await world.reaches(id, 'stored');
    expect(await world.broken()).toEqual([]);
  });

  it('and is added again is sent as it is now, in place of the upload that stopped', async () => {
    const world = await World.open(oneByOne);
    const { id, path } = await inTheMiddle(world, (file) => {
      appendFileSync(file, 'more');
    });
    await world.reaches(id, 'uploading failed file-changed');
    const [again = never()] = await world.add([path]);
    expect(again).not.toBe(id);
    await world.rest();
    expect([world.state(id), world.state(again)]).toEqual(['cancelled', 'stored']);
    expect(await world.broken()).toEqual([]);
  });

  it('after its last part was read, and before the archive is completed, becomes no archive', async () => {
    const world = await World.open(oneByOne);
    const path = world.file('a.raw', 1 * MiB);
    const gate = world.line.gate('UploadMultipartPart', 'answer');
    const [id = never()] = await world.add([path]);
    await gate.arrived;
    appendFileSync(path, 'more');
    gate.open();
    await world.reaches(id, 'uploading failed file-changed');
    expect(world.line.count('CompleteMultipartUpload')).toBe(0);
    expect(await world.broken()).toEqual([]);
  });

  it('and changes back goes on where it was', async () => {
    const world = await World.open(oneByOne);
    const aside = (path: string): string => `${path}.aside`;
    const { id, path } = await inTheMiddle(world, (file) => {
      copyFileSync(file, aside(file));
      execFileSync('touch', ['-r', file, aside(file)]);
      writeFileSync(file, Buffer.alloc(4 * MiB, 1));
    });
    await world.reaches(id, 'uploading failed file-changed');
    renameSync(aside(path), path);
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('into something that is no file is neither waited for nor followed', async () => {
    const world = await World.open(oneByOne);
    const { id, path } = await inTheMiddle(world, (file) => {
      rmSync(file);
      execFileSync('mkfifo', [file]);
    });
    await world.rest();
    expect(world.state(id)).toMatch(/^uploading failed (not-a-file|file-changed)$/);
    rmSync(path);
    symlinkSync('/etc/passwd', path);
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('uploading failed not-a-file');
    rmSync(path);
    mkdirSync(path);
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('uploading failed not-a-file');
    expect(await world.broken()).toEqual([]);
  });
});

describe('a drive', () => {
  it('that is unplugged and comes back is waited for, and the upload goes on by itself', async () => {
    const world = await World.open(oneByOne);
    let away = '';
    const { id, path } = await inTheMiddle(world, (file) => {
      away = `${dirname(file)}-unplugged`;
      renameSync(dirname(file), away);
    });
    await world.reaches(id, 'uploading backoff source-missing');
    const looks = (): number => {
      const { hold } = world.upload(id);
      return hold?.kind === 'backoff' ? hold.attempt : 0;
    };
    await world.wait('a few looks', 5 * SECOND, () => looks() > 3);
    expect(world.state(id)).toContain('source-missing');
    renameSync(away, dirname(path));
    await world.wait('stored', 5 * SECOND, () => world.state(id) === 'stored');
    expect(await world.broken()).toEqual([]);
  });

  it('that was away for two days is waited for, and what has expired is sent again', async () => {
    const world = await World.open(oneByOne);
    let away = '';
    const { id, path } = await inTheMiddle(world, (file) => {
      away = `${dirname(file)}-unplugged`;
      renameSync(dirname(file), away);
    });
    await world.reaches(id, 'uploading backoff source-missing');
    world.pass(48 * HOUR);
    await world.until('another look', () => world.upload(id).hold?.kind === 'backoff');
    renameSync(away, dirname(path));
    await world.wait('stored', 5 * SECOND, () => world.state(id) === 'stored');
    expect(world.events(id)).toContain('multipart-lost');
    expect(await world.broken()).toEqual([]);
  });

  it('that gives its files other numbers when it is back is recognised by what was sent', async () => {
    const world = await World.open(oneByOne);
    let away = '';
    const { id, path } = await inTheMiddle(world, (file) => {
      away = `${dirname(file)}-unplugged`;
      renameSync(dirname(file), away);
    });
    await world.reaches(id, 'uploading backoff source-missing');
    const before = world.upload(id).identity.fileId;
    replace(join(away, 'a.raw'), () => undefined);
    renameSync(away, dirname(path));
    await world.wait('stored', 5 * SECOND, () => world.state(id) === 'stored');
    expect(world.upload(id).identity.fileId).not.toBe(before);
    expect(await world.broken()).toEqual([]);
  });

  it('that comes back with another file of the same name, size and time is not taken for the same', async () => {
    const world = await World.open(oneByOne);
    let away = '';
    const { id, path } = await inTheMiddle(world, (file) => {
      away = `${dirname(file)}-unplugged`;
      renameSync(dirname(file), away);
    });
    await world.reaches(id, 'uploading backoff source-missing');
    replace(join(away, 'a.raw'), (copy) => {
      writeFileSync(copy, Buffer.alloc(4 * MiB));
    });
    renameSync(away, dirname(path));
    await world.wait('noticed', 5 * SECOND, () => world.state(id).includes('failed'));
    expect(world.state(id)).toBe('uploading failed file-changed');
    expect(await world.broken()).toEqual([]);
  });

  it('that is away keeps nothing else from going on', async () => {
    const world = await World.open({ settings: { parallelUploads: 1, parallelParts: 1 } });
    const { id, path } = await inTheMiddle(world, (file) => {
      renameSync(file, `${file}.away`);
    });
    await world.reaches(id, 'uploading backoff source-missing');
    const [other = never()] = await world.add([world.file('b.raw')]);
    await world.reaches(other, 'stored');
    renameSync(`${path}.away`, path);
    await world.wait('stored', 5 * SECOND, () => world.state(id) === 'stored');
    expect(await world.broken()).toEqual([]);
  });

  it('that is away is no reason to lose an upload by starting over', async () => {
    const world = await World.open(oneByOne);
    const { id, path } = await inTheMiddle(world, (file) => {
      renameSync(file, `${file}.away`);
    });
    await world.reaches(id, 'uploading backoff source-missing');
    expect(await world.app.queue.startOver(id, MiB)).toMatchObject({ failure: { kind: 'not-found' } });
    expect(world.state(id)).toContain('uploading');
    renameSync(`${path}.away`, path);
    await world.wait('stored', 5 * SECOND, () => world.state(id) === 'stored');
    expect(await world.broken()).toEqual([]);
  });
});

describe('a bad sector', () => {
  it('is waited for a while, then told as what only the user can mend, and tried again when the user says so', async () => {
    const world = await World.open();
    let isBad = false;
    const path = world.file('a.raw');
    oddlyAsync('open', 'EIO', (opened) => isBad && opened === path);
    world.app.changeSettings({ queuePaused: true });
    const [id = never()] = await world.add([path]);
    isBad = true;
    world.app.changeSettings({ queuePaused: false });
    await world.reaches(id, 'queued backoff file-unavailable');
    const from = world.clock.now();
    await world.wait('needs the user', 5 * SECOND, () => world.upload(id).hold?.kind === 'failed');
    expect(world.upload(id).hold).toEqual({
      kind: 'failed',
      failure: { kind: 'file-unreadable', path, cause: 'drive-fault', detail: '' },
    });
    expect(world.clock.now() - from).toBeGreaterThan(3 * MINUTE);
    expect(world.clock.now() - from).toBeLessThan(10 * MINUTE);
    isBad = false;
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
  });
});
