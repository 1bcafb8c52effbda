import { mkdirSync, readFileSync, readdirSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { MiB } from '../../shared/units.ts';
import { RetrievalWorld } from '../support/retrieval-world.ts';

/** The catalogue tells another path of the archive, as a hostile description could. */
function rename(here: RetrievalWorld, archive: number, path: string): void {
  const db = new Database(join(here.world.dataFolder, 'firn.db'));
  db.prepare('UPDATE catalogue SET path = ? WHERE id = ?').run(path, archive);
  db.close();
}

/** All files below a folder, relative to it. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

describe('a retrieved file', () => {
  it('stays inside the folder, whatever its description says', async () => {
    const here = await RetrievalWorld.open();
    const paths = [
      '../../etc/x',
      'C:\\Windows\\x',
      '/con/nul.txt',
      `/${'y'.repeat(10_000)}`,
      '..',
      'a\u0000/..\u202e/b',
    ];
    const archives: number[] = [];
    for (const [number, path] of paths.entries()) {
      const { archive } = await here.store(`${number}.raw`, 1000 + number);
      rename(here, archive, path);
      archives.push(archive);
    }
    const ids = await here.retrieve(archives);
    for (const id of ids) await here.reaches(id, 'retrieved');
    const files = filesIn(here.target);
    expect(files).toHaveLength(paths.length);
    for (const id of ids) expect(here.fileOf(id).startsWith(here.target + sep)).toBe(true);
    expect(files).toEqual(expect.arrayContaining(['etc/x', 'C/Windows/x', 'unnamed']));
    for (const file of files) expect(file).not.toMatch(/(^|\/)(\.\.|con|nul\.txt)(\/|$)|[\u0000\u202e]/i);
  });

  it('is told apart from others that have the same name, or one that differs in its case alone', async () => {
    const here = await RetrievalWorld.open();
    const archives: number[] = [];
    for (const name of ['1', '2', '3']) archives.push((await here.store(name, 1000)).archive);
    const [first = 0, second = 0, third = 0] = archives;
    rename(here, first, '/Photo.raw');
    rename(here, second, '/photo.RAW');
    rename(here, third, '/photo.raw');
    const ids = await here.retrieve(archives);
    for (const id of ids) await here.reaches(id, 'retrieved');
    expect(filesIn(here.target).sort()).toEqual(['Photo (3).raw', 'photo (2).RAW', 'photo.raw'].sort());
  });

  it('does not go through a link that lies in the folder', async () => {
    const here = await RetrievalWorld.open();
    const { archive } = await here.store('a.raw', 1000);
    rename(here, archive, '/photos/a.raw');
    const elsewhere = join(here.world.folder, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(here.target, 'photos'));
    const id = await here.retrieveOne(archive);
    await here.reaches(id, 'downloading failed target-unusable');
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('never takes the place of another: the user is asked before anything is paid for', async () => {
    const here = await RetrievalWorld.open();
    const { archive, bytes } = await here.store('a.raw', 1000);
    rename(here, archive, '/a.raw');
    const file = join(here.target, 'a.raw');
    writeFileSync(file, 'mine');
    const id = await here.retrieveOne(archive);
    await here.reaches(id, 'queued failed target-exists');
    expect(here.world.line.count('InitiateJob')).toBe(0);
    here.world.app.retrievals.answerExisting([id], 'keep-both');
    await here.reaches(id, 'retrieved');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(here.fileOf(id)).toBe(join(here.target, 'a (2).raw'));
    const again = await here.retrieveOne(archive, { onExisting: 'replace' });
    await here.reaches(again, 'retrieved');
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('asks as well when the other file comes while it is being fetched', async () => {
    const here = await RetrievalWorld.open();
    const { archive } = await here.store('a.raw', 1000);
    rename(here, archive, '/a.raw');
    const id = await here.retrieveOne(archive);
    await here.reaches(id, 'requested backoff awaiting-job');
    writeFileSync(join(here.target, 'a.raw'), 'mine');
    await here.reaches(id, 'finishing failed target-exists');
    expect(readFileSync(join(here.target, 'a.raw'), 'utf8')).toBe('mine');
    here.world.app.retrievals.answerExisting('all', 'keep-both');
    await here.reaches(id, 'retrieved');
    expect(statSync(here.fileOf(id)).size).toBe(1000);
  });

  it('waits for a drive that is not there, before it asks and while it fetches', async () => {
    const here = await RetrievalWorld.open();
    const { archive, bytes } = await here.store('a.raw', 2 * MiB);
    const id = await here.retrieveOne(archive);
    await here.reaches(id, 'requested backoff awaiting-job');
    const away = `${here.target}-away`;
    renameSync(here.target, away);
    const other = await here.store('b.raw', MiB);
    await expect(here.retrieveOne(other.archive)).rejects.toThrow('target-missing');
    await here.reaches(id, 'downloading backoff target-missing');
    renameSync(away, here.target);
    await here.reaches(id, 'retrieved', 6000);
    expect(readFileSync(here.fileOf(id)).equals(bytes)).toBe(true);
    expect(readdirSync(dirname(here.fileOf(id)))).toHaveLength(1);
  });
});
