import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { noRetrievalLimits } from '../../shared/retrieval-limits.ts';
import { HOUR, MiB } from '../../shared/units.ts';
import { RetrievalWorld } from '../support/retrieval-world.ts';

/** What the catalogue tells of an archive, as other tools' descriptions or an inventory would make it. */
function tell(here: RetrievalWorld, archive: number, columns: Record<string, string | number>): void {
  const db = new Database(join(here.world.dataFolder, 'firn.db'));
  for (const [column, value] of Object.entries(columns))
    db.prepare(`UPDATE catalogue SET ${column} = ? WHERE id = ?`).run(value, archive);
  db.close();
}

const preview = (here: RetrievalWorld, archives: readonly number[], changes: object = {}) =>
  here.world.app.retrievals.preview({ kind: 'ids', ids: archives }, { range: null, folder: here.target, ...changes });

describe('the folder that was chosen', () => {
  it('is waited for when another one is at its path, before anything is asked or written', async () => {
    const here = await RetrievalWorld.open();
    const { archive, bytes } = await here.store('a.raw', MiB);
    const away = `${here.target} of the drive`;
    here.world.app.changeSettings({ retrievalLimits: { ...noRetrievalLimits, bytesPerDay: 1 } });
    const id = await here.retrieveOne(archive);
    await here.reaches(id, 'queued failed above-retrieval-limit');
    renameSync(here.target, away);
    mkdirSync(here.target);
    here.world.app.changeSettings({ retrievalLimits: noRetrievalLimits });
    await here.reaches(id, 'queued backoff target-missing');
    expect(here.retrieval(id).hold).toMatchObject({ failure: { isAnother: true } });
    expect(here.world.line.count('InitiateJob')).toBe(0);
    expect(readdirSync(here.target)).toEqual([]);
    rmSync(here.target, { recursive: true });
    renameSync(away, here.target);
    await here.reaches(id, 'retrieved');
    expect(readFileSync(here.fileOf(id)).equals(bytes)).toBe(true);
    expect(readdirSync(here.target).filter((name) => name.startsWith('.firn'))).toEqual([]);
  });

  it('is known by its mark when its drive is numbered anew', async () => {
    const here = await RetrievalWorld.open();
    const { archive } = await here.store('a.raw', MiB);
    const id = await here.retrieveOne(archive);
    await here.reaches(id, 'requested backoff awaiting-job');
    const copy = `${here.target} as it is mounted next`;
    mkdirSync(copy);
    for (const name of readdirSync(here.target)) renameSync(join(here.target, name), join(copy, name));
    rmSync(here.target, { recursive: true });
    renameSync(copy, here.target);
    await here.reaches(id, 'retrieved');
    expect(readdirSync(here.target).filter((name) => name.startsWith('.firn'))).toEqual([]);
  });

  it('goes on at another path when the user shows it, with what is there', async () => {
    const here = await RetrievalWorld.open({ settings: { parallelParts: 1 } });
    const { archive, bytes } = await here.store('a.raw', 20 * MiB);
    const id = await here.retrieveOne(archive);
    await here.reaches(id, 'requested backoff awaiting-job');
    here.world.line.gate('GetJobOutput', 'answer').open();
    const gate = here.world.line.gate('GetJobOutput', 'answer');
    let isCaught = false;
    void gate.arrived.then(() => (isCaught = true));
    await here.world.until('the second range is asked for', () => {
      if (!isCaught && here.isStill()) here.world.pass(HOUR / 4);
      return isCaught;
    });
    const elsewhere = `${here.target} 1`;
    renameSync(here.target, elsewhere);
    await here.world.app.retrievals.pause([id]);
    gate.open();
    await here.world.app.retrievals.resume([id]);
    await here.reaches(id, 'downloading backoff target-missing');
    mkdirSync(here.target);
    const { retrievals } = here.world.app;
    expect(await retrievals.relocate([id], here.target)).toMatchObject({ failure: { kind: 'invalid-input' } });
    expect(await retrievals.relocate([id], elsewhere)).toMatchObject({ value: { moved: 1 } });
    await here.reaches(id, 'retrieved');
    expect(here.fileOf(id).startsWith(elsewhere)).toBe(true);
    expect(readFileSync(here.fileOf(id)).equals(bytes)).toBe(true);
    expect(here.fetched().filter((range) => range === `bytes=0-${16 * MiB - 1}`)).toHaveLength(1);
  });

  it('that never comes back does not keep a file that was about to get its name from being cancelled', async () => {
    const here = await RetrievalWorld.open();
    const { archive } = await here.store('a.raw', 1000);
    const id = await here.retrieveOne(archive);
    await here.world.quit();
    const db = new Database(join(here.world.dataFolder, 'firn.db'));
    db.exec(`BEGIN;
      UPDATE retrieval SET phase = 'finishing', target_path = '/gone/a.raw', requested_at = NULL, has_begun = NULL;
      UPDATE task SET phase = 'finishing', lane = 'retrieval-fetching', urgent_at = 0,
        wait_keys = json_array('account:' || account_id, 'target:' || (SELECT folder_mark FROM retrieval))
        WHERE kind = 'retrieval';
      COMMIT`);
    db.close();
    rmSync(here.target, { recursive: true });
    await here.world.openFirn();
    await here.reaches(id, 'finishing backoff target-missing');
    expect(await here.world.app.retrievals.cancel([id])).toEqual({ named: 1 });
    expect(here.state(id)).toBe('cancelled');
    expect(await here.world.app.retrievals.clear()).toEqual({ cleared: 1 });
  });
});

describe('archives of other tools', () => {
  it('that stand for folders become folders, and nothing is asked or paid for them', async () => {
    const here = await RetrievalWorld.open();
    const marker = await here.store('marker', 1);
    const file = await here.store('a.jpg', 1000);
    const odd = await here.store('odd', 1000);
    tell(here, marker.archive, { path: 'photos/2012/' });
    tell(here, file.archive, { path: 'photos/2012/a.jpg' });
    tell(here, odd.archive, { path: 'photos/2013/' });
    const archives = [marker.archive, file.archive, odd.archive];
    expect(await preview(here, archives)).toMatchObject({ archives: 2, folders: 1, requests: 2 });
    const ids = await here.retrieve(archives);
    expect(ids).toHaveLength(2);
    expect(statSync(join(here.target, 'photos/2012')).isDirectory()).toBe(true);
    for (const id of ids) await here.reaches(id, 'retrieved');
    expect(ids.map((id) => here.fileOf(id)).sort()).toEqual([
      join(here.target, 'photos/2012/a.jpg'),
      join(here.target, 'photos/2013/unnamed'),
    ]);
    expect(here.world.line.count('InitiateJob')).toBe(2);
  });

  it('that they compressed or encrypted say so in their names, and in the quote', async () => {
    const here = await RetrievalWorld.open();
    const { archive } = await here.store('diary', 1000);
    const description =
      '<m><v>4</v><p>ZGlhcnkudHh0</p><lm>20121222T101112Z</lm><ce>1:1:4340ebcf79712dc5e3ef7d50bab98ba5:54687</ce></m>';
    tell(here, archive, { path: 'diary.txt', description });
    expect(await preview(here, [archive])).toMatchObject({ encoded: 1 });
    const id = await here.retrieveOne(archive);
    await here.reaches(id, 'retrieved');
    expect(basename(here.fileOf(id))).toBe('diary.txt.compressed.encrypted');
  });
});

describe('what is chosen', () => {
  it('leaves out archives that the newest inventory does not list, and says so', async () => {
    const here = await RetrievalWorld.open();
    const gone = await here.store('gone.raw', 1000);
    const here1 = await here.store('here.raw', 1000);
    tell(here, gone.archive, { missing_at: 5 });
    const archives = [gone.archive, here1.archive];
    expect(await preview(here, archives)).toMatchObject({ archives: 1, missing: 1, leftOutCount: 1 });
    expect(await here.retrieve(archives)).toHaveLength(1);
    expect(here.world.line.count('InitiateJob')).toBe(0);
  });

  it('tells of the same content once, and can be cut down to one of each content, or the newest of each path', async () => {
    const here = await RetrievalWorld.open();
    const content = Buffer.alloc(1000, 7);
    const stored = [];
    for (const name of ['1', '2', '3']) stored.push(await here.store(name, content));
    stored.push(await here.store('4', Buffer.alloc(1000, 8)));
    const archives = stored.map(({ archive }) => archive);
    for (const archive of archives) tell(here, archive, { path: 'annex.key' });
    expect(await preview(here, archives)).toMatchObject({ archives: 4, contents: 2, equals: 0 });
    expect(await preview(here, archives, { copies: 'one-of-equals' })).toMatchObject({ archives: 2, equals: 2 });
    expect(await preview(here, archives, { copies: 'newest' })).toMatchObject({ archives: 1, equals: 3 });
    const [id, ...others] = await here.retrieve(archives, { copies: 'newest' });
    if (id === undefined) throw new Error('Nothing was added');
    expect(others).toEqual([]);
    await here.reaches(id, 'retrieved');
    expect(readFileSync(here.fileOf(id))[0]).toBe(8);
  });
});
