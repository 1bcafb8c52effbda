import Database from 'better-sqlite3';
import { join } from 'node:path';
import type { Asked } from './asked.ts';

/** A range of a retrieval, as "id first-last", counted from the retrieval's own first byte. */
type Range = string;

/**
 * Judges from the wire whether a verified range is fetched again: what Firn had written down as verified before a life
 * began is not asked for in that life, unless Firn says that it found it damaged. One job may serve several retrievals of
 * the same archive. Reads the database beside Firn.
 */
export class Fetched {
  readonly violations: string[] = [];
  readonly #file: string;
  #verified = new Set<Range>();

  constructor(dataFolder: string) {
    this.#file = join(dataFolder, 'firn.db');
  }

  /** Between two lives; `asked`: by the one that has ended. */
  lifeEnded(asked: readonly Asked[]): void {
    const db = new Database(this.#file, { readonly: true });
    try {
      const retrievalsOf = jobs(db);
      const excused = damaged(db);
      const delivered = new Map<string, number>();
      for (const { operation, id: jobId, range, isDelivered } of asked) {
        if (operation !== 'GetJobOutput') continue;
        const bytes = range ?? 'whole';
        const what = `${jobId} ${bytes}`;
        const served = retrievalsOf.get(jobId) ?? [];
        if (served.length === 0 || served.some((id) => excused.has(id))) continue;
        const lacking = served.filter((id) => !this.#verified.has(`${id} ${bytes}`)).length;
        const before = delivered.get(what) ?? 0;
        if (before >= lacking) {
          this.violations.push(
            `${bytes} of ${served.join(' and ')} was fetched again: ${lacking} lacked it, ${before} got it`,
          );
        }
        if (isDelivered) delivered.set(what, before + 1);
      }
      this.#verified = verified(db);
    } finally {
      db.close();
    }
  }
}

function verified(db: Database.Database): Set<Range> {
  const rows = db.prepare<[], { id: string; first: number; last: number }>(
    `SELECT task_id AS id, first, last FROM piece JOIN task ON task.id = task_id WHERE kind = 'retrieval'`,
  );
  return new Set(rows.all().map(({ id, first, last }) => `${id} ${first}-${last}`));
}

/** The retrievals that each job serves. */
function jobs(db: Database.Database): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { id, event } of events(db, 'requested')) {
    const jobId = String(event['jobId']);
    found.set(jobId, [...new Set([...(found.get(jobId) ?? []), id])]);
  }
  return found;
}

function damaged(db: Database.Database): Set<string> {
  return new Set(events(db, 'damaged').map(({ id }) => id));
}

function events(db: Database.Database, kind: string): { id: string; event: Record<string, unknown> }[] {
  return db
    .prepare<[string], { id: string; event: string }>(
      `SELECT task_id AS id, event FROM task_event JOIN task ON task.id = task_id
       WHERE task.kind = 'retrieval' AND event ->> 'kind' = ?`,
    )
    .all(kind)
    .map(({ id, event }) => ({ id, event: JSON.parse(event) as Record<string, unknown> }));
}
