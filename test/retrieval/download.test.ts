import {
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { RetrievalId } from '../../shared/retrieval.ts';
import { DAY, MINUTE, MiB } from '../../shared/units.ts';
import { RetrievalWorld } from '../support/retrieval-world.ts';

const SIZE = 33 * MiB + 5;
const FIRST = `bytes=0-${16 * MiB - 1}`;
const SECOND = `bytes=${16 * MiB}-${32 * MiB - 1}`;

/** An archive of three ranges, of which the first two are here and the third is on its way. */
async function halfWay() {
  const here = await RetrievalWorld.open({ settings: { parallelParts: 1 } });
  const stored = await here.store('a.raw', SIZE);
  const id = await here.retrieveOne(stored.archive);
  await here.reaches(id, 'requested backoff awaiting-job');
  for (let passed = 0; passed < 2; passed += 1) here.world.line.gate('GetJobOutput', 'answer').open();
  const gate = here.world.line.gate('GetJobOutput', 'answer');
  let arrived = false;
  void gate.arrived.then(() => (arrived = true));
  await here.world.until('the third range is asked for', () => {
    if (!arrived && here.isStill()) here.world.pass(15 * MINUTE);
    return arrived;
  });
  expect(here.verified(id)).toEqual([FIRST, SECOND]);
  return { here, id, gate, bytes: stored.bytes };
}

/** The same, and Firn has ended. */
async function ended() {
  const { here, id, gate, bytes } = await halfWay();
  const quitting = here.world.quit();
  gate.open();
  await quitting;
  return { here, id, bytes, fetched: here.fetched().length, temporary: onlyFile(here) };
}

function onlyFile({ target, world }: RetrievalWorld): string {
  const folder = join(target, world.folder, 'files');
  const [name = 'none', ...more] = readdirSync(folder);
  expect(more).toEqual([]);
  return join(folder, name);
}

async function isRetrieved(here: RetrievalWorld, id: RetrievalId, bytes: Buffer): Promise<void> {
  await here.reaches(id, 'retrieved');
  expect(readFileSync(here.fileOf(id)).equals(bytes)).toBe(true);
  expect(here.world.bugs).toEqual([]);
}

describe('a download', () => {
  it('goes on after a crash with what is not verified yet', async () => {
    const { here, id, gate, bytes } = await halfWay();
    const crashed = here.world.crash();
    gate.open();
    await crashed;
    const before = here.fetched().length;
    await isRetrieved(here, id, bytes);
    expect(here.fetched().slice(before)).toHaveLength(1);
    expect(here.fetched().slice(before)).not.toContain(FIRST);
    expect(here.fetched().slice(before)).not.toContain(SECOND);
    expect(readdirSync(dirname(here.fileOf(id)))).toEqual(['a.raw']);
  });

  it('goes on after quitting, pause and resume, and fetches no range twice', async () => {
    const { here, id, bytes } = await ended();
    await here.world.openFirn();
    await here.world.app.retrievals.pause([id]);
    expect(here.state(id)).toBe('downloading paused');
    await here.world.app.retrievals.resume([id]);
    await isRetrieved(here, id, bytes);
    expect(here.fetched().filter((range) => range === FIRST || range === SECOND)).toEqual([FIRST, SECOND]);
  });

  it('makes its file grow with what arrives, and never with zeros', async () => {
    const { temporary } = await ended();
    expect(statSync(temporary).size).toBe(32 * MiB);
  });

  it('fetches again what was changed on the disk meanwhile, and nothing else', async () => {
    const { here, id, bytes, fetched, temporary } = await ended();
    const content = readFileSync(temporary);
    content[5] = (content[5] ?? 0) ^ 1;
    writeFileSync(temporary, content);
    await here.world.openFirn();
    await isRetrieved(here, id, bytes);
    expect(here.events(id)).toContain('damaged');
    expect(here.fetched().slice(fetched)).toContain(FIRST);
    expect(here.fetched().slice(fetched)).not.toContain(SECOND);
  });

  it('reads what is in doubt instead of fetching it', async () => {
    const { here, id, bytes, fetched, temporary } = await ended();
    utimesSync(temporary, 1, 1);
    await here.world.openFirn();
    await isRetrieved(here, id, bytes);
    expect(here.events(id)).not.toContain('damaged');
    expect(here.fetched().slice(fetched)).not.toContain(FIRST);
  });

  it('begins anew when the temporary file is gone', async () => {
    const { here, id, bytes, temporary } = await ended();
    rmSync(temporary);
    await here.world.openFirn();
    await isRetrieved(here, id, bytes);
    expect(here.world.line.count('InitiateJob')).toBe(1);
    expect(here.fetched().filter((range) => range === FIRST)).toHaveLength(2);
  });

  it('leaves alone a file of somebody else that took the place of the temporary one', async () => {
    const { here, id, bytes, temporary } = await ended();
    // Made before the other goes, so that it cannot get the same inode.
    writeFileSync(`${temporary}.mine`, 'mine');
    renameSync(`${temporary}.mine`, temporary);
    await here.world.openFirn();
    await isRetrieved(here, id, bytes);
    expect(readFileSync(temporary, 'utf8')).toBe('mine');
  });

  it('asks the user before it asks again for an output that has ended, and then for what is missing alone', async () => {
    const { here, id, bytes } = await ended();
    here.world.pass(2 * DAY);
    await here.world.openFirn();
    await here.reaches(id, 'queued failed output-ended');
    expect(here.retrieval(id).hold).toMatchObject({ failure: { bytes: MiB + 5 } });
    await here.world.app.retrievals.resume('all');
    expect(here.state(id)).toBe('queued failed output-ended');
    expect(here.world.line.count('InitiateJob')).toBe(1);
    await here.world.app.retrievals.resume([id]);
    await isRetrieved(here, id, bytes);
    expect(here.events(id)).toContain('output-gone');
    expect((await here.jobs()).map((job) => job['RetrievalByteRange'])).toEqual([`${32 * MiB}-${SIZE - 1}`]);
    expect(here.fetched().filter((range) => range === FIRST)).toHaveLength(1);
  });

  it('fetches a range again whose bytes do not have the hash that Glacier tells', async () => {
    const here = await RetrievalWorld.open();
    const { archive, bytes } = await here.store('a.raw', 20 * MiB);
    const headers = { 'x-amz-sha256-tree-hash': '0'.repeat(64) };
    here.world.line.next('GetJobOutput', { kind: 'change-answer', headers }, 2);
    const id = await here.retrieveOne(archive);
    await isRetrieved(here, id, bytes);
    expect(here.fetched().length).toBe(4);
  });

  it('fetches a range again that broke off, or came with another status', async () => {
    const here = await RetrievalWorld.open();
    const { archive, bytes } = await here.store('a.raw', 20 * MiB);
    here.world.line.next('GetJobOutput', { kind: 'lose-answer' });
    here.world.line.next('GetJobOutput', { kind: 'answer', status: 200, body: 'all of it' });
    const id = await here.retrieveOne(archive);
    await isRetrieved(here, id, bytes);
  });

  it('lets the hash of the whole decide where Glacier tells none of the ranges', async () => {
    const here = await RetrievalWorld.open({ settings: { parallelParts: 1 } });
    const { archive, bytes } = await here.store('a.raw', 20 * MiB);
    const untold = { 'x-amz-sha256-tree-hash': '' };
    here.world.line.next('GetJobOutput', { kind: 'change-answer', headers: untold, body: Buffer.alloc(16 * MiB, 7) });
    const id = await here.retrieveOne(archive);
    await isRetrieved(here, id, bytes);
    expect(here.events(id)).toContain('damaged');
  });

  it('is given up in words when the vault has another archive than the catalogue tells', async () => {
    const here = await RetrievalWorld.open();
    const { archive } = await here.store('a.raw', MiB);
    const id = await here.retrieveOne(archive);
    await here.reaches(id, 'requested backoff awaiting-job');
    await here.world.quit();
    const db = new Database(join(here.world.dataFolder, 'firn.db'));
    db.prepare('UPDATE retrieval SET archive_tree_hash = ?').run('0'.repeat(64));
    db.close();
    await here.world.openFirn();
    await here.reaches(id, 'requested failed archive-differs');
    expect(here.fetched()).toEqual([]);
  });

  it('that is cancelled takes its temporary file with it', async () => {
    const { here, id, gate } = await halfWay();
    const temporary = onlyFile(here);
    expect(basename(temporary)).toMatch(/^a\.raw\..*\.firn$/);
    const cancelling = here.world.app.retrievals.cancel([id]);
    gate.open();
    expect(await cancelling).toEqual({ named: 0 });
    expect(here.state(id)).toBe('cancelled');
    expect(existsSync(temporary)).toBe(false);
    expect(await here.world.app.retrievals.clear()).toEqual({ cleared: 1 });
  });
});
