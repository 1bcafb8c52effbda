import { writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { CopyOutcome } from '../../main/store/backup-copy.ts';
import { listBackups } from '../../main/store/backup-files.ts';
import { BackupSchedule } from '../../main/store/backup-schedule.ts';
import { DAY, HOUR } from '../../shared/units.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { START } from '../support/records.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A schedule whose copies are empty files, unless `fails` says what goes wrong. */
function schedule() {
  const folder = temporaryFolder();
  const clock = new ManualClock(START);
  const state = { used: true, fails: null as CopyOutcome | null, damage: [] as string[], logged: [] as string[] };
  const begin = (): BackupSchedule => {
    const running = new BackupSchedule({
      file: 'firn.db',
      folder,
      clock,
      log: (message, details) => state.logged.push(`${message}: ${String(details['detail'])}`),
      copy: (_from, to) => {
        if (state.fails) return Promise.resolve(state.fails);
        writeFileSync(to, '');
        return Promise.resolve({ kind: 'copied' });
      },
      isWorthKeeping: () => state.used,
      onDamage: (detail) => state.damage.push(detail),
    });
    running.start();
    return running;
  };
  const times = (): number[] =>
    listBackups(folder)
      .map(({ at }) => (at - START) / HOUR)
      .reverse();
  /** Time passes, hour by hour, and before each of them what was begun ends. */
  const pass = async (hours: number): Promise<void> => {
    for (let hour = 0; hour < hours; hour += 1) {
      await setImmediate();
      clock.pass(HOUR);
    }
  };
  return { clock, state, begin, times, pass };
}

test('a backup is made at the start and then once a day', async () => {
  const { begin, times, pass } = schedule();
  const running = begin();
  await pass(60);
  await running.close();
  expect(times()).toEqual([0, 24, 48]);
});

test('older backups go when newer ones count', async () => {
  const { begin, times, pass } = schedule();
  const running = begin();
  await pass(24 * 10);
  await running.close();
  expect(times().map((hours) => hours / 24)).toEqual([4, 5, 6, 7, 8, 9, 10]);
});

test('no backup is made at the start when there is one younger than a day', async () => {
  const { begin, times, pass } = schedule();
  await begin().close();
  await pass(10);
  await begin().close();
  expect(times()).toEqual([0]);
  await pass(14);
  await begin().close();
  expect(times()).toEqual([0, 24]);
});

test('nothing is backed up before there is anything to keep, and then soon', async () => {
  const { state, begin, times, pass } = schedule();
  state.used = false;
  const running = begin();
  await pass(5);
  state.used = true;
  await pass(5);
  await running.close();
  expect(times()).toEqual([6]);
});

test('a failed backup is told in the log and tried again within the hour', async () => {
  const { state, begin, times, pass } = schedule();
  state.fails = { kind: 'failed', detail: 'no room' };
  const running = begin();
  await pass(2);
  state.fails = null;
  await pass(2);
  await running.close();
  expect(state.logged).toEqual(['backup failed: no room', 'backup failed: no room', 'backup failed: no room']);
  expect(times()).toEqual([3]);
  expect(state.damage).toEqual([]);
});

test('a database that turns out to be damaged is told', async () => {
  const { state, begin } = schedule();
  state.fails = { kind: 'source-damaged', detail: 'page 7' };
  await begin().close();
  expect(state.damage).toEqual(['page 7']);
});

test('a clock that was a year ahead and is set right does not end the backups', async () => {
  const { clock, begin, times, pass } = schedule();
  clock.set(START + 365 * DAY);
  const running = begin();
  await pass(1);
  clock.set(START);
  await pass(30);
  await running.close();
  expect(times()).toEqual([365 * 24, 1, 25]);
});

test('closing waits for the backup that is being made, and none begins afterwards', async () => {
  const { begin, times, pass } = schedule();
  const running = begin();
  await running.close();
  expect(times()).toEqual([0]);
  await pass(50);
  expect(times()).toEqual([0]);
});
