import { DEFAULT_PART_SIZE } from '../../shared/part-plan.ts';
import { noRetrievalLimits } from '../../shared/retrieval-limits.ts';
import type { Settings } from '../../shared/settings.ts';
import type { Db } from './database.ts';

const defaultSettings: Settings = {
  queuePaused: false,
  parallelUploads: 3,
  parallelParts: 4,
  partSize: DEFAULT_PART_SIZE,
  retrievalLimits: noRetrievalLimits,
  prices: null,
  cpuUse: 'automatic',
  stayAwake: false,
  askBeforeQuit: true,
  theme: 'system',
  bytesPerSecond: null,
  schedule: null,
  catalogueCopy: null,
};

/** The settings in SQLite; what was never set has its default. */
export class SettingsStore {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  get(): Settings {
    const rows = this.#db.prepare<[], { name: string; value: string }>('SELECT name, value FROM setting').all();
    const known = rows.filter(({ name }) => Object.hasOwn(defaultSettings, name));
    return {
      ...defaultSettings,
      ...Object.fromEntries(known.map(({ name, value }) => [name, JSON.parse(value) as unknown])),
    };
  }

  set(changes: Partial<Settings>): Settings {
    const put = this.#db.prepare(
      'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
    this.#db
      .transaction(() => {
        for (const [name, value] of Object.entries(changes)) put.run(name, JSON.stringify(value));
      })
      .immediate();
    return this.get();
  }
}
