import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Backup, backupName, listBackups, superseded } from '../../main/store/backup-files.ts';
import { DAY } from '../../shared/units.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A Monday. */
const FIRST = Date.UTC(2026, 5, 1, 9);

function backup(number: number, at: number, beforeMigrationOf: number | null = null): Backup {
  return { file: `${number}`, number, at, beforeMigrationOf };
}

/** A backup a day for so many days, rotated after each; the days that are left. */
function afterDays(count: number): number[] {
  let kept: Backup[] = [];
  for (let day = 0; day < count; day += 1) {
    kept = [backup(day + 1, FIRST + day * DAY), ...kept];
    const gone = new Set(superseded(kept));
    kept = kept.filter((one) => !gone.has(one));
  }
  return kept.map(({ at }) => (at - FIRST) / DAY);
}

test('the last seven days are kept, and the last day of each of four weeks', () => {
  expect(afterDays(5)).toEqual([4, 3, 2, 1, 0]);
  expect(afterDays(10)).toEqual([9, 8, 7, 6, 5, 4, 3]);
  // Day 0 is a Monday, so weeks end on the days 6, 13, 20, 27, …; day 59 is in the ninth week.
  expect(afterDays(60)).toEqual([59, 58, 57, 56, 55, 54, 53, 48, 41]);
});

test('days without a backup do not count, so an old backup goes only when newer ones have come', () => {
  const old = [backup(2, FIRST + 400 * DAY), backup(1, FIRST)];
  expect(superseded(old)).toEqual([]);
});

test('of several backups of a day the newest is kept', () => {
  const three = [backup(3, FIRST + 3000), backup(2, FIRST + 2000), backup(1, FIRST + 1000)];
  expect(superseded(three)).toEqual(three.slice(1));
});

test('of backups before migrations the newest of three versions are kept, and they do not count as daily ones', () => {
  const migrations = [
    backup(9, FIRST + 8, 4),
    backup(8, FIRST + 7, 3),
    backup(7, FIRST + 6, 3),
    backup(6, FIRST + 5, 2),
    backup(5, FIRST + 4, 1),
  ];
  const daily = backup(4, FIRST + 3);
  expect(superseded([...migrations, daily]).map(({ number }) => number)).toEqual([7, 5]);
});

test('a backup that was made while the clock was a year ahead does not pass for the newest', () => {
  const folder = temporaryFolder();
  const ahead = { number: 7, at: FIRST + 365 * DAY, beforeMigrationOf: null };
  const after = { number: 8, at: FIRST, beforeMigrationOf: null };
  for (const one of [ahead, after]) writeFileSync(join(folder, backupName(one)), '');
  expect(listBackups(folder).map(({ number }) => number)).toEqual([8, 7]);
});

test('names tell number, time and schema, and only such names are backups', () => {
  const folder = temporaryFolder();
  const some = [
    { number: 12, at: FIRST, beforeMigrationOf: 3 },
    { number: 1_234_567, at: FIRST + 1000, beforeMigrationOf: null },
  ];
  expect(backupName({ number: 12, at: FIRST, beforeMigrationOf: 3 })).toBe('firn-000012-20260601T090000Z-schema-3.db');
  for (const one of some) writeFileSync(join(folder, backupName(one)), '');
  for (const name of ['firn-000013-20260601T090000Z.db.partial', 'firn.db', 'notes.txt'])
    writeFileSync(join(folder, name), '');
  expect(listBackups(folder).map(({ file, ...rest }) => rest)).toEqual(some.reverse());
  expect(listBackups(join(folder, 'missing'))).toEqual([]);
});
