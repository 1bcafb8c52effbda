import { closeSync, existsSync, fstatSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PRIVATE_FILE } from '../files/private.ts';
import { MiB } from '../../shared/units.ts';
import type { OperationName } from './protocol/routes.ts';

/** One request, as the service saw it. Times in milliseconds since 1970, by the service's clock. */
export type LedgerEntry = {
  /** When its head arrived. */
  at: number;
  requestId: string;
  method: string;
  /** Path and query. */
  target: string;
  /** Null when there is no such operation; likewise below, when the request has no such thing. */
  operation: OperationName | null;
  vault: string | null;
  multipartUploadId: string | null;
  /** Asked for, or made by the request. */
  archiveId: string | null;
  jobId: string | null;
  /** The Content-Range of a part, or the Range of an output, as it was asked for; the bytes of the archive that a job brings. */
  range: string | null;
  bytesReceived: number;
  /** Of the answer; null when none was sent, because the connection had gone. */
  status: number | null;
  /** Glacier's error code; null for success. */
  code: string | null;
  /** Whether the request changed the state, durably, whatever became of its answer. */
  committed: boolean;
  /** Of the misbehaviour that a test asked for. */
  fault: string | null;
  /** Of a bug of the practice vault itself. */
  problem: string | null;
};

export type Ledger = {
  /** All entries on record, the oldest first. */
  read(): LedgerEntry[];
};

/** When the file has grown to this, it becomes the older file, and the one before that goes. */
const MAX_LENGTH = 16 * MiB;

const files = (folder: string): { current: string; older: string } => ({
  current: join(folder, 'ledger.jsonl'),
  older: join(folder, 'ledger.1.jsonl'),
});

/** Appends a line for each request. A line is with the system before the answer goes out, but not forced to the disk. */
export class LedgerWriter implements Ledger {
  readonly #folder: string;
  #file: number;
  #length: number;

  constructor(folder: string) {
    this.#folder = folder;
    this.#file = openSync(files(folder).current, 'a', PRIVATE_FILE);
    this.#length = fstatSync(this.#file).size;
    // A crash may have cut the last line off.
    if (this.#length > 0) this.#length += writeSync(this.#file, '\n');
  }

  append(entry: LedgerEntry): void {
    try {
      if (this.#length >= MAX_LENGTH) this.#rotate();
      this.#length += writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    } catch {
      // A full disk costs the line, not the answer.
    }
  }

  read(): LedgerEntry[] {
    return readLedger(this.#folder);
  }

  close(): void {
    closeSync(this.#file);
  }

  #rotate(): void {
    const { current, older } = files(this.#folder);
    closeSync(this.#file);
    renameSync(current, older);
    this.#file = openSync(current, 'a', PRIVATE_FILE);
    this.#length = 0;
  }
}

/** The entries of a practice vault's folder, the oldest first; also while it runs, or after it was killed. */
export function readLedger(folder: string): LedgerEntry[] {
  const { current, older } = files(folder);
  return [older, current].filter((path) => existsSync(path)).flatMap((path) => readLines(readFileSync(path, 'utf8')));
}

/** A line that a crash cut off is left out. */
function readLines(text: string): LedgerEntry[] {
  const lines = text.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  return lines.map((line) => JSON.parse(line) as LedgerEntry);
}
