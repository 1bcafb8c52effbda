import { SECOND } from '../../shared/units.ts';
import type { Row } from './lives.ts';

/** Longer waits are ended by a command, as an impatient user would. */
const PATIENCE_MS = 3 * SECOND;

/** Listens to what Firn says: which uploads wait, and whether anything needs the user, which nothing here should. */
export class Watcher {
  readonly complaints: string[] = [];
  /** How often something needed the user, or could not be begun, as it should. */
  expected = 0;
  /** Uploads that wait, by id, with the time when the wait ends. */
  readonly #waits = new Map<string, number>();
  readonly #isExpected: (row: Row) => boolean;

  /** `isExpected`: whether what needs the user should, and what could not be begun may end a command. */
  constructor(isExpected: (row: Row) => boolean = () => false) {
    this.#isExpected = isExpected;
  }

  /** A line of JSON from the command line. */
  hear(row: Row): void {
    if (row['event'] === 'waiting') this.#waits.set(String(row['id']), Number(row['until']));
    const isNeed = row['event'] === 'needs-user';
    if (!isNeed && row['event'] !== 'error') return;
    if (this.#isExpected(row)) this.expected += 1;
    else if (isNeed) this.complaints.push(`${nameOf(row)} needs the user: ${String(row['message'])}`);
  }

  /** A line for people. */
  read(line: string): void {
    if (/step failed|Error:|^\s+at /.test(line)) this.complaints.push(`Firn said: ${line.slice(0, 500)}`);
  }

  /** The rows of the queue. */
  look(rows: readonly Row[]): void {
    for (const { id, hold } of rows) {
      const { kind, until } = (hold ?? {}) as { kind?: string; until?: number };
      if (kind === 'backoff') this.#waits.set(String(id), Number(until));
    }
  }

  /** Ids of uploads that will wait for a while yet. Each is told once. */
  takeLongWaits(): string[] {
    const long = [...this.#waits].filter(([, until]) => until > Date.now() + PATIENCE_MS).map(([id]) => id);
    this.#waits.clear();
    return long;
  }
}

function nameOf({ path, vault, id }: Row): string {
  return JSON.stringify(path ?? vault ?? id);
}
