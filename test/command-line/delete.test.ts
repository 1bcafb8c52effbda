import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readLedger } from '../../main/practice/ledger.ts';
import { FirnCommand, finish } from '../support/firn-command.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A vault with so many archives in it. */
async function open(count: number, faults: object = {}) {
  const folder = temporaryFolder();
  const practice = await startPractice(join(folder, 'practice'), ['--faults', JSON.stringify(faults)]);
  onTestFinished(practice.kill);
  const firn = new FirnCommand(join(folder, 'data'), environmentFor(practice.url));
  const files = join(folder, 'files');
  mkdirSync(files);
  for (let made = 0; made < count; made += 1) writeFileSync(join(files, `${made}.raw`), `content ${made}`);
  await firn.run('vault', 'create', 'photos');
  expect((await firn.run('upload', '--vault', 'photos', files)).code).toBe(0);
  const ids = await catalogued(firn);
  const asked = (operation: string): number =>
    readLedger(practice.folder).filter((request) => request.operation === operation).length;
  return { firn, files, ids, asked };
}

async function catalogued(firn: FirnCommand): Promise<string[]> {
  return (await firn.run('--json', 'catalogue')).rows.map(({ archiveId }) => String(archiveId));
}

/** Kills the command once so many requests of one kind have reached the service. */
async function killedAfter(firn: FirnCommand, args: string[], reached: () => boolean): Promise<void> {
  const child = firn.start(...args);
  const ended = finish(child);
  await vi.waitFor(
    () => {
      expect(reached()).toBe(true);
    },
    { timeout: 20_000, interval: 3 },
  );
  child.kill('SIGKILL');
  await ended;
}

/** The answer to each of so many deletions comes late, so that there is a middle to be killed in. */
const slowly = (count: number) => ({
  script: Array.from({ length: count }, () => ({
    operation: 'DeleteArchive',
    behaviour: { kind: 'delay', when: 'after-effect', ms: 300 },
  })),
});

test('archives are deleted by their IDs after it was said what is lost, and again without harm', async () => {
  const { firn, files, ids } = await open(3);
  const chosen = ids.slice(0, 2);
  rmSync(files, { recursive: true });
  const asked = await firn.run('delete', '--', ...chosen);
  expect(asked.code).toBe(6);
  expect(asked.output).toContain('2 archives, 18 bytes, will be deleted from Glacier. Nobody can bring them back');
  expect(asked.output).toContain('2 archives may be the only copy');
  expect(asked.output).toContain('2 archives, 18 bytes, are younger than 90 days. Amazon bills each until that age');
  expect(asked.output).toContain(`no copy: ${files}`);
  expect(asked.problems).toContain('Nothing was deleted. Say --yes');
  expect(await catalogued(firn)).toEqual(ids);
  const done = await firn.run('--json', 'delete', '--yes', '--', ...chosen);
  expect(done.code, done.problems).toBe(0);
  expect(done.rows[0]).toMatchObject({ event: 'preview', count: 2, young: { count: 2 }, copies: { missing: 2 } });
  expect(done.rows.at(-1)).toMatchObject({ event: 'done', vault: 'photos', total: 2, deleted: 2, failed: 0 });
  const again = await firn.run('--json', 'delete', '--yes', '--', ...chosen);
  expect(again.code, again.problems).toBe(0);
  expect(again.rows.map(({ event }) => event)).toEqual(['already-deleted', 'already-deleted']);
  expect(await catalogued(firn)).toEqual(ids.slice(2));
});

test('archives are deleted by a search, and what nothing is found for is said', async () => {
  const { firn, ids } = await open(2);
  const nothing = await firn.run('delete', '--yes', '--search', 'nonsense');
  expect([nothing.code, nothing.problems]).toEqual([1, expect.stringContaining('Nothing found for "nonsense"')]);
  const [known = ''] = ids;
  const unknown = await firn.run('delete', '--yes', '--', known, 'x'.repeat(138));
  expect([unknown.code, unknown.problems]).toEqual([1, expect.stringContaining('has no archive xxx')]);
  expect(await catalogued(firn)).toEqual(ids);
  const done = await firn.run('delete', '--yes', '--search', 'photos .raw');
  expect(done.code, done.problems).toBe(0);
  expect(done.output).toContain('Deleted 2 archives from photos: 2 archives, 18 bytes, deleted');
  expect(await catalogued(firn)).toEqual([]);
});

test('a deletion that is killed in the middle goes on when it is asked for again', async () => {
  const { firn, ids, asked } = await open(12, slowly(12));
  const args = ['--json', 'delete', '--yes', '--', ...ids];
  await killedAfter(firn, args, () => asked('DeleteArchive') >= 6);
  const waiting = await firn.run('deletions');
  expect(waiting.output).toContain('Deleting 12 archives from photos');
  const again = await firn.run(...args);
  expect(again.code, again.problems).toBe(0);
  const ends = again.rows.filter(({ event }) => event === 'done');
  expect(ends).toMatchObject([{ total: 12, deleted: 12, failed: 0 }]);
  expect(await catalogued(firn)).toEqual([]);
});

test('a deletion is paused, resumed and cancelled by its ID', async () => {
  const { firn, ids, asked } = await open(12, slowly(6));
  await killedAfter(firn, ['delete', '--yes', '--', ...ids], () => asked('DeleteArchive') >= 1);
  const [{ id } = { id: '' }] = (await firn.run('--json', 'deletions')).rows as { id: string }[];
  expect(await firn.run('pause', id)).toMatchObject({ code: 0 });
  const held = await firn.run('run');
  expect([held.code, held.problems]).toEqual([3, expect.stringContaining(`"firn resume ${id}" lets it go on`)]);
  expect(await firn.run('resume', id)).toMatchObject({ code: 0 });
  const cancelled = await firn.run('cancel', id);
  expect([cancelled.code, cancelled.output]).toEqual([0, expect.stringContaining('What was deleted stays deleted')]);
  expect((await firn.run('cancel', id)).problems).toContain('over already');
  expect((await firn.run('run')).output).toContain('Nothing is waiting');
  expect((await catalogued(firn)).length).toBeGreaterThanOrEqual(6);
});

test('a vault is emptied and closed, also when the command is killed and repeated', async () => {
  const { firn, asked } = await open(5, slowly(5));
  expect((await firn.run('inventory', '--wait', 'photos')).code).toBe(0);
  const args = ['--json', 'vault', 'empty', '--close', '--yes', 'photos'];
  const unsure = await firn.run('vault', 'empty', '--close', 'photos');
  expect([unsure.code, unsure.problems]).toEqual([6, expect.stringContaining('Nothing was deleted. Say --yes')]);
  expect(unsure.output).toContain('also those of other programs');
  expect(unsure.output).toContain('Firn deletes the vault');
  await killedAfter(firn, args, () => asked('DeleteArchive') >= 1);
  const other = await firn.run('vault', 'empty', '--yes', 'photos');
  expect([other.code, other.problems]).toEqual([1, expect.stringContaining('is under way, with deleting the vault')]);
  // Each time it looks whether Glacier has got on, and leaves.
  for (let last: unknown = 'left'; last === 'left';) {
    const { code, problems, rows } = await firn.run(...args, '--no-wait');
    expect(code, problems).toBe(0);
    last = rows.at(-1)?.['event'];
    if (last !== 'left') expect(rows.at(-1)).toMatchObject({ event: 'done', kind: 'emptying', deleted: 5, failed: 0 });
  }
  expect((await firn.run('vault', 'list')).output).not.toContain('photos');
  expect(await catalogued(firn)).toEqual([]);
}, 60_000);

test('what makes no sense is said', async () => {
  const firn = new FirnCommand(join(temporaryFolder(), 'data'), environmentFor('http://127.0.0.1:9'));
  for (const [args, words] of [
    [['delete'], 'Say which archives'],
    [['delete', '--vault', 'a', '--place', 'vault:b'], 'not both'],
    [['vault', 'empty'], 'Say which vault'],
    [['vault', 'empty', 'a', 'b'], 'takes one VAULT'],
    [['vault', 'empty', 'no/name'], 'cannot name a vault'],
    [['vault', 'fill', 'photos'], 'no command "firn vault fill"'],
    [['deletions', 'all'], 'takes no further words'],
  ] as const) {
    const refused = await firn.run(...args);
    expect([refused.code, refused.problems]).toEqual([2, expect.stringContaining(words)]);
  }
  const { firn: there } = await open(1);
  const nowhere = await there.run('vault', 'empty', '--yes', 'nowhere');
  expect([nowhere.code, nowhere.problems]).toEqual([1, expect.stringContaining('no vault named "nowhere"')]);
});
