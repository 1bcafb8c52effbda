import { errorText } from '../../shared/error-text.ts';
import { DAY, HOUR } from '../../shared/units.ts';
import type { Clock } from '../core/ports.ts';
import { type Log, makeBackup } from './backup.ts';
import type { CopyDatabase } from './backup-copy.ts';
import { listBackups } from './backup-files.ts';
import { isDatabaseDamaged } from './database.ts';

export type ScheduleOptions = {
  file: string;
  folder: string;
  clock: Clock;
  log: Log;
  copy: CopyDatabase;
  /** Whether the database holds anything yet. */
  isWorthKeeping: () => boolean;
  /** The database in use was found to be damaged. */
  onDamage: (detail: string) => void;
};

/** How often to look whether a backup is due: after a sleep, a failure or a first day of use it is made soon. */
const LOOK_EVERY_MS = 1 * HOUR;

/** Makes a backup when the newest one is a day old, from `start` to `close`. */
export class BackupSchedule {
  readonly #options: ScheduleOptions;
  #stopWaiting: () => void = () => undefined;
  #running: Promise<void> | null = null;

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  start(): void {
    this.#look();
  }

  /** Resolves when a backup that was begun has ended. */
  async close(): Promise<void> {
    this.#stopWaiting();
    await this.#running;
  }

  #look(): void {
    this.#stopWaiting = this.#options.clock.after(LOOK_EVERY_MS, () => {
      this.#look();
    });
    if (this.#running || !this.#isDue()) return;
    this.#running = this.#make().finally(() => {
      this.#running = null;
    });
  }

  /** A newest backup from the future was made when the clock was wrong. */
  #isDue(): boolean {
    const { folder, clock, isWorthKeeping, onDamage } = this.#options;
    const newest = listBackups(folder).find(({ beforeMigrationOf }) => beforeMigrationOf === null);
    const age = newest ? clock.now() - newest.at : DAY;
    if (age >= 0 && age < DAY) return false;
    try {
      return isWorthKeeping();
    } catch (error) {
      if (!isDatabaseDamaged(error)) throw error;
      onDamage(errorText(error));
      return false;
    }
  }

  async #make(): Promise<void> {
    const { file, folder, clock, copy, log, onDamage } = this.#options;
    const outcome = await makeBackup({ file, folder, at: clock.now(), beforeMigrationOf: null }, copy, log);
    if (outcome.kind === 'source-damaged') onDamage(outcome.detail);
  }
}
