import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DAY } from '../../shared/units.ts';

/** A verified copy of the database. */
export type Backup = {
  file: string;
  /** Grows with each backup; a clock can be set back, so the time does not tell which one is newer. */
  number: number;
  /** Milliseconds since 1970, to the second. */
  at: number;
  /** Made before a migration: the version of its schema. Null for a daily one. */
  beforeMigrationOf: number | null;
};

export const BACKUP_FOLDER = 'backups';
export const PARTIAL_SUFFIX = '.partial';

const DAILY_KEPT = 7;
const WEEKLY_KEPT = 4;
const MIGRATIONS_KEPT = 3;
const WEEK = 7 * DAY;
/** 1970 began on a Thursday; weeks begin on Monday. */
const FIRST_MONDAY = -3 * DAY;

const pattern = /^firn-(\d{6,})-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z(?:-schema-(\d+))?\.db$/;

/** The newest first; none when there is no folder. */
export function listBackups(folder: string): Backup[] {
  return namesIn(folder)
    .flatMap((name) => {
      const match = pattern.exec(name);
      if (!match) return [];
      const [, number, year, month, day, hour, minute, second, schema] = match;
      return {
        file: join(folder, name),
        number: Number(number),
        at: Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)),
        beforeMigrationOf: schema === undefined ? null : Number(schema),
      };
    })
    .sort((a, b) => b.number - a.number);
}

export function backupName({ number, at, beforeMigrationOf }: Omit<Backup, 'file'>): string {
  const schema = beforeMigrationOf === null ? '' : `-schema-${beforeMigrationOf}`;
  return `firn-${String(number).padStart(6, '0')}-${compactTime(at)}${schema}.db`;
}

/** `20261122T101839Z`: the time in a file's name, everywhere the same. */
export function compactTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
}

/** Copies that were not finished. */
export function listPartial(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => name.includes(PARTIAL_SUFFIX))
    .map((name) => join(folder, name));
}

/**
 * The backups to delete: all but the newest of each of 7 days and of each of 4 weeks (UTC) that have any, and the newest
 * of each of the last 3 schemas before their migration.
 */
export function superseded(newestFirst: readonly Backup[]): Backup[] {
  const daily = newestFirst.filter(({ beforeMigrationOf }) => beforeMigrationOf === null);
  const beforeMigrations = newestFirst.filter(({ beforeMigrationOf }) => beforeMigrationOf !== null);
  const kept = new Set([
    ...newestOfEach(daily, ({ at }) => Math.floor(at / DAY), DAILY_KEPT),
    ...newestOfEach(daily, ({ at }) => Math.floor((at - FIRST_MONDAY) / WEEK), WEEKLY_KEPT),
    ...newestOfEach(beforeMigrations, (backup) => backup.beforeMigrationOf, MIGRATIONS_KEPT),
  ]);
  return newestFirst.filter((backup) => !kept.has(backup));
}

function newestOfEach(newestFirst: readonly Backup[], labelOf: (backup: Backup) => unknown, count: number): Backup[] {
  const byLabel = new Map<unknown, Backup>();
  for (const backup of newestFirst) {
    const label = labelOf(backup);
    if (!byLabel.has(label)) byLabel.set(label, backup);
  }
  return [...byLabel.values()].slice(0, count);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
