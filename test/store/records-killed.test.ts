import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ArchiveJournal } from '../../main/store/archive-journal.ts';
import { listBackups } from '../../main/store/backup-files.ts';
import { findDamage } from '../../main/store/damage.ts';
import { openForReading } from '../../main/store/database.ts';
import { DAY } from '../../shared/units.ts';
import { buildProgram } from '../support/build-program.ts';
import { DataFolder, pathsOf } from '../support/records.ts';

const KILLS = 12;
const thread = fileURLToPath(new URL('../../out/main/backup-thread.js', import.meta.url));

/** Lets a life store archives, kills it at some moment, and returns the paths that it said were stored. */
async function liveAndDie(program: string, folder: DataFolder, afterMs: number): Promise<string[]> {
  const args = [program, folder.folder, thread, String(folder.clock.now())];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  const lines = createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
  const ended = Promise.all([once(child, 'exit'), once(lines, 'close')]);
  await once(lines, 'line');
  await setTimeout(afterMs);
  child.kill('SIGKILL');
  await ended;
  expect(child.signalCode).toBe('SIGKILL');
  return said;
}

test(
  `killed ${KILLS} times while it stores and backs up, Firn never forgets an archive`,
  { timeout: 120_000 },
  async () => {
    const program = await buildProgram('storing-life');
    const folder = new DataFolder();
    const said: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      folder.clock.pass(DAY);
      const afterMs = Math.floor(Math.random() * 400);
      said.push(...(await liveAndDie(program, folder, afterMs)));
      const life = await folder.open();
      const known = pathsOf(life);
      const told = [...new ArchiveJournal(folder.journal).records()].flatMap((record) => record?.path ?? []);
      expect(
        said.filter((path) => !known.includes(path)),
        `kill ${kill} after ${afterMs} ms`,
      ).toEqual([]);
      expect([...new Set(told)].sort()).toEqual(known.sort());
      expect(findDamage(life.db, 'everything')).toBeNull();
      expect(life.notices.list()).toEqual([]);
      await life.records.close();
    }
    const backups = listBackups(folder.backups);
    expect(backups.length).toBeGreaterThan(0);
    for (const { file } of backups) {
      const db = openForReading(file);
      expect(findDamage(db, 'everything'), file).toBeNull();
      db.close();
    }
  },
);
