import { MiB } from '../../shared/units.ts';
import { decodeWindows1252 } from '../../shared/windows-1252.ts';
import type { Entry, EntryReader, Line } from './entry.ts';

/** What to take bytes for that are no UTF-8; null when the format has nothing else. */
export type Fallback = 'windows-1252' | null;

const LONGEST = 1 * MiB;
const LINE_FEED = 0x0a;

/**
 * Cuts the bytes of a text that come in pieces into lines, without ever holding more than one of them. Lines are UTF-8; one
 * that is not is taken for the fallback by itself, since programs add lines to files that others began.
 */
export class LineSplitter {
  readonly #fallback: Fallback;
  readonly #onFallback: () => void;
  #line = 1;
  #rest: Buffer[] = [];
  #length = 0;
  #isTooLong = false;

  constructor(fallback: Fallback, onFallback: () => void) {
    this.#fallback = fallback;
    this.#onFallback = onFallback;
  }

  push(bytes: Buffer): Line[] {
    const first = bytes.indexOf(LINE_FEED);
    const last = bytes.lastIndexOf(LINE_FEED);
    this.#keep(first < 0 ? bytes : bytes.subarray(0, first));
    if (first < 0) return [];
    const lines = [this.#takeRest(), ...(first < last ? this.#split(bytes.subarray(first + 1, last)) : [])];
    this.#keep(bytes.subarray(last + 1));
    return lines;
  }

  end(): Line[] {
    return this.#length === 0 && !this.#isTooLong ? [] : [this.#takeRest()];
  }

  #keep(bytes: Buffer): void {
    this.#isTooLong ||= this.#length + bytes.length > LONGEST;
    this.#length = this.#isTooLong ? 0 : this.#length + bytes.length;
    // A copy, because the piece's memory may be used again.
    if (this.#isTooLong) this.#rest = [];
    else if (bytes.length > 0) this.#rest.push(Buffer.from(bytes));
  }

  #takeRest(): Line {
    const line = this.#isTooLong
      ? this.#numbered({ unreadable: 'it is too long' })
      : this.#decode(Buffer.concat(this.#rest));
    this.#rest = [];
    this.#length = 0;
    this.#isTooLong = false;
    return line;
  }

  /** Most files are what they should be, and then all lines are decoded at once. */
  #split(bytes: Buffer): Line[] {
    const text = utf8(bytes);
    if (text !== null) return text.split('\n').map((one) => this.#numbered({ text: one }));
    const lines: Line[] = [];
    for (let from = 0; from <= bytes.length;) {
      const end = bytes.indexOf(LINE_FEED, from);
      const to = end < 0 ? bytes.length : end;
      lines.push(this.#decode(bytes.subarray(from, to)));
      from = to + 1;
    }
    return lines;
  }

  #decode(bytes: Buffer): Line {
    const text = utf8(bytes);
    if (text !== null) return this.#numbered({ text });
    if (this.#fallback === null) return this.#numbered({ unreadable: 'it is no text in UTF-8' });
    this.#onFallback();
    return this.#numbered({ text: decodeWindows1252(bytes) });
  }

  #numbered(content: { text: string } | { unreadable: string }): Line {
    const line = this.#line;
    this.#line += 1;
    return { line, ...content };
  }
}

/** Null for bytes that are no UTF-8. */
function utf8(bytes: Buffer): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads each line by itself; null stands for one that says nothing of an archive. Empty lines are passed over. */
export class LineEntries implements EntryReader {
  readonly #read: (text: string, line: number) => Entry | null;

  constructor(read: (text: string, line: number) => Entry | null) {
    this.#read = read;
  }

  take(line: Line): Entry[] {
    if ('unreadable' in line) return [unreadable(line.line, line.unreadable)];
    const entry = line.text.trim() === '' ? null : this.#read(line.text.replace(/\r$/, ''), line.line);
    return entry === null ? [] : [entry];
  }

  end(): Entry[] {
    return [];
  }
}

export function unreadable(line: number, reason: string): Entry {
  return { kind: 'unreadable', line, reason };
}
