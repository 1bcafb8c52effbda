import { closeSync, existsSync, fstatSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PRIVATE_FILE } from '../files/private.ts';
import { MiB } from '../../shared/units.ts';
import type { BucketOperation } from './buckets/protocol/routes.ts';
import type { VaultOperation } from './vaults/protocol/routes.ts';

/** What a request is about. Null, in all of these, where it has no such thing. */
export type LedgerFacts = {
  /** Null when there is no such operation. */
  operation: VaultOperation | BucketOperation | null;
  vault: string | null;
  bucket: string | null;
  key: string | null;
  /** Asked for, or made by the request; likewise the identifiers below. */
  versionId: string | null;
  /** Of a vault or of a bucket. */
  multipartUploadId: string | null;
  partNumber: number | null;
  archiveId: string | null;
  jobId: string | null;
  /** The Content-Range of a part, or the Range of an output, as it was asked for; the bytes of the archive that a job brings. */
  range: string | null;
};

export const noFacts: LedgerFacts = {
  operation: null,
  vault: null,
  bucket: null,
  key: null,
  versionId: null,
  multipartUploadId: null,
  partNumber: null,
  archiveId: null,
  jobId: null,
  range: null,
};

/** One request, as the service saw it. Times in milliseconds since 1970, by the service's clock. */
export type LedgerEntry = LedgerFacts & {
  /** When its head arrived. */
  at: number;
  service: ServiceName;
  requestId: string;
  method: string;
  /** Path and query. */
  target: string;
  bytesReceived: number;
  /** Of the answer; null when none was sent, because the connection had gone. */
  status: number | null;
  /** The service's error code; null for success. */
  code: string | null;
  /** Whether the request changed the state, durably, whatever became of its answer. */
  committed: boolean;
  /** Of the misbehaviour that a test asked for. */
  fault: string | null;
  /** Of a bug of the practice service itself. */
  problem: string | null;
};

/** By the names that signatures have for them: vaults and buckets. */
export type ServiceName = 'glacier' | 's3';

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

/** The entries of a practice service's folder, the oldest first; also while it runs, or after it was killed. */
export function readLedger(folder: string): LedgerEntry[] {
  const { current, older } = files(folder);
  return [older, current].filter((path) => existsSync(path)).flatMap((path) => readLines(readFileSync(path, 'utf8')));
}

/** A line that a crash cut off is left out. */
function readLines(text: string): LedgerEntry[] {
  const lines = text.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  return lines.map((line) => JSON.parse(line) as LedgerEntry);
}
