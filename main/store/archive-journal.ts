import { closeSync, fsyncSync, fstatSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorText } from '../../shared/error-text.ts';
import { MiB } from '../../shared/units.ts';
import { type ArchiveRecord, readRecord, writeRecord } from './archive-record.ts';
import { syncFolder } from './durable-files.ts';
import type { Unwritable } from './unwritable.ts';
import { PRIVATE_FILE } from '../files/private.ts';

/*
 * The journal of archives, `archives.jsonl` beside the database: one line of JSON (UTF-8) for each archive the moment it
 * is stored or deleted, only ever appended to. Whoever has this file has the names of all archives, with or without Firn.
 *
 *   at          when, ISO 8601, UTC
 *   event       "stored" or "deleted"
 *   vault       the vault's name
 *   path        the file's absolute path, as it was; null when nobody knows it
 *   size        bytes
 *   modifiedAt  the file's last change, ISO 8601, UTC; modifiedNs has it in nanoseconds since 1970; null when not known
 *   archiveId   the archive ID that Glacier gave
 *   treeHash    SHA-256 tree hash, hexadecimal, as Glacier confirmed it
 *   location    the archive's path at the service, with the account's number
 *   description the archive description
 *   region      of the vault
 *   account     Firn's own id of the account, its name, where its credentials come from (never a secret), endpoint URL
 *   uploadId    Firn's own id of the upload; null when there was none
 *   toldBy      "upload", "import" or "inventory": how Firn came to know of the archive
 *
 * The order of things: Glacier's answer, then the line, synced to disk, then the commit of the database. A crash between
 * the last two leaves a line without a row, and the next start adds the row: so every archive ID that the database knows
 * is in the journal, and every archive ID that the journal knows comes into the database. Only when the line cannot be
 * written (the disk is full) the row is committed without it; the database then remembers that the two are to be
 * compared, and the line follows with the next one or at the next start.
 *
 * A reader takes the last line about an archive for true, and passes over lines that it cannot read: a crash may tear
 * one, and the line that follows begins anew. An archive may be told twice.
 */
export const JOURNAL_FILE = 'archives.jsonl';

const CHUNK = 1 * MiB;
/** Longer than any line of ours; what has no line's end for so long is no journal. */
const LONGEST_LINE = 4 * MiB;
const NEWLINE = 0x0a;

/** Reads and writes the file at once and keeps nothing open. All methods throw when the file system refuses. */
export class ArchiveJournal {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  exists(): boolean {
    return statSync(this.#file, { throwIfNoEntry: false }) !== undefined;
  }

  /** Bytes. */
  size(): number {
    return statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
  }

  /**
   * Makes the file when there is none, and adds the lines. On disk when it returns. Returns the records that no line can
   * tell, and which are left out.
   */
  append(records: readonly ArchiveRecord[]): Unwritable[] {
    const { text, unwritable } = linesOf(records);
    const isNew = !this.exists();
    const descriptor = openSync(this.#file, 'a+', PRIVATE_FILE);
    try {
      if (text !== '') writeFileSync(descriptor, endsInLine(descriptor) ? `\n${text}` : text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (isNew) syncFolder(dirname(this.#file));
    return unwritable;
  }

  /** The lines from that byte on, one after the other; null stands for one that cannot be read. */
  *records(from = 0): Generator<ArchiveRecord | null> {
    for (const line of this.#lines(from)) if (line.trim() !== '') yield readRecord(line);
  }

  /** The `length` bytes before the byte `end`, or fewer at the beginning of the file. */
  before(end: number, length: number): Buffer {
    if (!this.exists()) return Buffer.alloc(0);
    const descriptor = openSync(this.#file, 'r');
    try {
      return read(descriptor, Math.max(0, end - length), Math.min(length, end));
    } finally {
      closeSync(descriptor);
    }
  }

  *#lines(from: number): Generator<string> {
    if (!this.exists()) return;
    const descriptor = openSync(this.#file, 'r');
    try {
      let rest = Buffer.alloc(0);
      let position = from;
      for (let chunk = read(descriptor, position, CHUNK); chunk.length > 0; chunk = read(descriptor, position, CHUNK)) {
        position += chunk.length;
        const bytes = Buffer.concat([rest, chunk]);
        const end = bytes.lastIndexOf(NEWLINE) + 1;
        yield* bytes.toString('utf8', 0, end).split('\n');
        rest = bytes.length - end > LONGEST_LINE ? Buffer.alloc(0) : bytes.subarray(end);
      }
      yield rest.toString('utf8');
    } finally {
      closeSync(descriptor);
    }
  }
}

function linesOf(records: readonly ArchiveRecord[]): { text: string; unwritable: Unwritable[] } {
  let text = '';
  const unwritable: Unwritable[] = [];
  for (const record of records) {
    try {
      text += `${writeRecord(record)}\n`;
    } catch (error) {
      unwritable.push({ record, reason: errorText(error) });
    }
  }
  return { text, unwritable };
}

function read(descriptor: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(descriptor, buffer, 0, length, position));
}

/** Whether the file ends in the middle of a line. */
function endsInLine(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  return size > 0 && read(descriptor, size - 1, 1)[0] !== NEWLINE;
}
