import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { makeBackup } from '../../main/store/backup.ts';
import { copyDatabase } from '../../main/store/backup-copy.ts';
import { DAY, MiB } from '../../shared/units.ts';
import type { UploadId } from '../../shared/upload.ts';
import { FirnCommand } from '../support/firn-command.ts';
import { archivesOnDisk } from '../support/vault-on-disk.ts';
import { VAULT, World } from '../support/world.ts';

async function backUp(world: World): Promise<void> {
  const folder = join(world.dataFolder, 'backups');
  const at = world.clock.now();
  const file = join(world.dataFolder, 'firn.db');
  const log = (_message: string, details: Record<string, unknown>): unknown => world.bugs.push(JSON.stringify(details));
  expect(await makeBackup({ file, folder, at, beforeMigrationOf: null }, copyDatabase, log)).toEqual({
    kind: 'copied',
  });
}

/** Firn is quit, its database becomes noise, and it is started again. What it says about that is no bug. */
async function damageAndRestart(world: World): Promise<void> {
  await world.quit();
  expect(world.bugs).toEqual([]);
  const file = join(world.dataFolder, 'firn.db');
  writeFileSync(file, readFileSync(file).fill(0x5a, 0, 8192));
  await world.openFirn();
  world.bugs.length = 0;
}

function stored(world: World): number {
  return archivesOnDisk(world.practiceFolder, VAULT).length;
}

function only(ids: readonly UploadId[]): UploadId {
  const [id] = ids;
  if (id === undefined) throw new Error('Nothing was added');
  return id;
}

describe('a queue that comes from a backup', () => {
  it('sends nothing that was stored since, in whatever phase the backup shows it', async () => {
    const world = await World.open();
    const last = world.line.gate('CompleteMultipartUpload', 'request');
    const completing = only(await world.add([world.file('completing.raw')]));
    await last.arrived;
    const waiting = only(await world.add([world.file('waiting.raw')]));
    await world.app.queue.pause([waiting]);
    await world.still(waiting);
    await backUp(world);
    last.open();
    await world.app.queue.resume([waiting]);
    await world.rest();
    const added = world.file('added since.raw');
    await world.add([added]);
    await world.rest();
    expect(stored(world)).toBe(3);

    await damageAndRestart(world);
    expect(world.app.notices.list()).toMatchObject([{ kind: 'records-restored', archivesAdded: 3, uploadsSettled: 2 }]);
    expect([completing, waiting].map((id) => world.state(id))).toEqual(['stored', 'stored']);
    await world.rest();
    const again = await world.app.queue.enqueue([added], {
      accountId: world.accountId,
      vault: VAULT,
      partSize: MiB,
      preferredPartSize: MiB,
      again: false,
    });
    expect(again).toMatchObject({ value: { added: 0, alreadyThere: 1 } });
    expect(stored(world)).toBe(3);
    expect(world.app.catalogue.count()).toBe(3);
  });

  it('goes on where Glacier is, although more parts were acknowledged than the backup knows', async () => {
    const world = await World.open();
    const second = world.line.gate('UploadMultipartPart', 'answer');
    const id = only(await world.add([world.file('a.raw', 5 * MiB)]));
    await second.arrived;
    await backUp(world);
    const last = world.line.gate('CompleteMultipartUpload', 'request');
    second.open();
    await last.arrived;
    world.line.down();
    last.open();
    await damageAndRestart(world);
    world.line.up();
    expect(world.upload(id).uploadedBytes).toBeLessThan(5 * MiB);
    await world.app.queue.resume('all');
    await world.until('stored', () => world.state(id) === 'stored');
    expect(stored(world)).toBe(1);
    expect(await world.broken()).toEqual([]);
  });

  it('knows a file again that was cancelled and added anew since', async () => {
    const world = await World.open();
    const path = world.file('a.raw');
    const part = world.line.gate('UploadMultipartPart', 'answer');
    const first = only(await world.add([path]));
    await part.arrived;
    await backUp(world);
    part.open();
    await world.app.queue.cancel([first]);
    await world.reaches(first, 'cancelled');
    const second = only(await world.add([path]));
    await world.reaches(second, 'stored');

    await damageAndRestart(world);
    expect(world.state(first)).toBe('stored');
    expect(world.events(first)).toContain('found-in-journal');
    await world.rest();
    expect(stored(world)).toBe(1);
    expect(await world.broken()).toEqual([]);
  });

  it('waits for the user when the journal is lost, on the command line too, and is settled by Glacier then', async () => {
    const world = await World.open();
    const last = world.line.gate('CompleteMultipartUpload', 'request');
    const id = only(await world.add([world.file('a.raw')]));
    await last.arrived;
    await backUp(world);
    last.open();
    await world.rest();
    await world.quit();
    rmSync(join(world.dataFolder, 'archives.jsonl'));
    await damageAndRestart(world);
    expect(world.app.notices.list()).toMatchObject([{ journal: 'incomplete', uploadsPaused: 1 }]);
    expect(world.state(id)).toBe('completing paused');
    expect(world.app.uploads.events(id, 1)).toMatchObject([{ kind: 'paused', by: 'recovery' }]);
    await world.quit();
    const ran = await new FirnCommand(world.dataFolder, {}).run('run');
    expect([ran.code, ran.problems]).toEqual([3, expect.stringContaining('so 1 upload is paused')]);
    await world.openFirn();
    expect(world.line.count('CompleteMultipartUpload')).toBe(1);
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(stored(world)).toBe(1);
    expect(await world.broken()).toEqual([]);
  });
});

describe('without a backup', () => {
  it('the journal keeps files that are added again from being uploaded again', async () => {
    const world = await World.open();
    const path = world.file('a.raw');
    await world.add([path]);
    await world.rest();
    await damageAndRestart(world);
    expect(world.app.notices.list()).toMatchObject([{ kind: 'records-rebuilt', archives: 1 }]);
    expect(world.app.accounts.list()).toMatchObject([{ id: world.accountId, name: 'Test' }]);
    expect(world.app.uploads.list()).toEqual([]);
    const added = await world.app.queue.enqueue([path], {
      accountId: world.accountId,
      vault: VAULT,
      partSize: null,
      preferredPartSize: MiB,
      again: false,
    });
    expect(added).toMatchObject({ value: { added: 0, alreadyThere: 1 } });
  });
});

describe('damage that shows only at work', () => {
  /** The database as a failing disk would leave it under the feet of a running Firn. */
  function damageUnderneath(world: World, ...tables: string[]): void {
    const file = join(world.dataFolder, 'firn.db');
    const other = new Database(file);
    other.pragma('wal_checkpoint(TRUNCATE)');
    const pages = other
      .prepare<[string], { pageno: number }>('SELECT pageno FROM dbstat WHERE name IN (SELECT value FROM json_each(?))')
      .all(JSON.stringify(tables));
    const descriptor = openSync(file, 'r+');
    for (const { pageno } of pages)
      writeSync(descriptor, new Uint8Array(4096).fill(0xa5), 0, 4096, (pageno - 1) * 4096);
    closeSync(descriptor);
    // A commit by somebody else makes Firn read anew what it has in memory.
    other.exec(`INSERT OR REPLACE INTO setting VALUES ('nothing', '1')`);
    other.close();
  }

  it('halts the queue, tells the user, and is mended at the next start', async () => {
    const world = await World.open();
    const last = world.line.gate('CompleteMultipartUpload', 'request');
    const id = only(await world.add([world.file('a.raw')]));
    await last.arrived;
    await backUp(world);
    const heard: string[] = [];
    world.app.on('notices:changed', (notices) => heard.push(...notices.map(({ kind }) => kind)));
    damageUnderneath(world, 'upload', 'upload_open');
    last.open();
    await world.until('a notice', () => heard.length > 0);
    expect(heard).toEqual(['records-damaged']);
    expect(world.app.failureOf(new Error('no matter')).kind).toBe('unexpected');
    world.app.engine.runner.start(['upload']);
    world.app.engine.runner.look();
    expect(() => world.app.uploads.list()).toThrow(/malformed/);

    await world.quit();
    world.bugs.length = 0;
    await world.openFirn();
    world.bugs.length = 0;
    expect(world.app.notices.list()).toMatchObject([{ kind: 'records-restored' }]);
    await world.until('stored', () => world.state(id) === 'stored');
    expect(stored(world)).toBe(1);
    expect(await world.broken()).toEqual([]);
  });

  it('is found by the daily backup, too', async () => {
    const world = await World.open();
    await world.add([world.file('a.raw')]);
    await world.rest();
    damageUnderneath(world, 'task_event');
    world.pass(2 * DAY);
    await world.until('a notice', () => world.app.notices.list().length > 0);
    expect(world.app.notices.list()).toMatchObject([{ kind: 'records-damaged' }]);
    await world.until('a line in the log', () => world.logged.includes('backup failed'));
  });
});
