import { MiB } from '../../shared/units.ts';
import type { Entry, EntryReader } from './entry.ts';

/** `text` without the line's end, but with a carriage return before it; null when it is too long for any format. */
export type Line = { line: number; text: string | null };

const LONGEST = 1 * MiB;

/** Cuts text that comes in pieces into lines, without ever holding more than one of them. */
export class LineSplitter {
  #line = 1;
  #rest = '';
  #isTooLong = false;

  push(text: string): Line[] {
    const [first = '', ...others] = text.split('\n');
    this.#add(first);
    return others.map((piece) => {
      const ended = this.#take();
      this.#add(piece);
      return ended;
    });
  }

  end(): Line[] {
    return this.#rest === '' && !this.#isTooLong ? [] : [this.#take()];
  }

  #add(piece: string): void {
    this.#isTooLong ||= this.#rest.length + piece.length > LONGEST;
    this.#rest = this.#isTooLong ? '' : this.#rest + piece;
  }

  #take(): Line {
    const ended = { line: this.#line, text: this.#isTooLong ? null : this.#rest };
    this.#line += 1;
    this.#rest = '';
    this.#isTooLong = false;
    return ended;
  }
}

/** Reads each line by itself; null stands for one that says nothing of an archive. Empty lines are passed over. */
export class LineEntries implements EntryReader {
  readonly #splitter = new LineSplitter();
  readonly #read: (text: string, line: number) => Entry | null;

  constructor(read: (text: string, line: number) => Entry | null) {
    this.#read = read;
  }

  push(text: string): Entry[] {
    return this.#entries(this.#splitter.push(text));
  }

  end(): Entry[] {
    return this.#entries(this.#splitter.end());
  }

  #entries(lines: readonly Line[]): Entry[] {
    return lines.flatMap(({ line, text }) => {
      if (text === null) return [tooLong(line)];
      const entry = text.trim() === '' ? null : this.#read(text, line);
      return entry === null ? [] : [entry];
    });
  }
}

function tooLong(line: number): Entry {
  return { kind: 'unreadable', line, reason: 'it is too long' };
}
