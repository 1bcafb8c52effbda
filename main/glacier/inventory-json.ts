import { MiB } from '../../shared/units.ts';
import { GarbledOutput } from './garbled-output.ts';

/** What a single item, or the document around the items, may have at most. */
const MAX_PIECE = 1 * MiB;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Takes the objects out of the list in `{…,"ArchiveList":[{…},{…}],…}`, or out of a bare list, one by one while the bytes
 * come, since the inventory of a million archives is longer than a string can be. What is left is the same document with an
 * empty list. Whether the pieces are JSON is for their parser to say.
 */
export class ListSplitter {
  readonly #onItem: (json: string) => void;
  readonly #item = new Piece();
  readonly #rest = new Piece();
  #depth = 0;
  /** Of the items; null outside of the list. */
  #itemDepth: number | null = null;
  #inItem = false;
  #inString = false;
  #escaped = false;
  #pushed = 0;
  #itemEnd = 0;

  constructor(onItem: (json: string) => void) {
    this.#onItem = onItem;
  }

  /** Bytes that came so far. */
  get pushed(): number {
    return this.#pushed;
  }

  /** Of these, up to the end of the last item that is whole; 0 before the first. */
  get itemEnd(): number {
    return this.#itemEnd;
  }

  /** @throws GarbledOutput when a piece becomes longer than any that Glacier makes. */
  push(bytes: Uint8Array): void {
    let from = 0;
    const cut = (to: number, next: number): void => {
      (this.#inItem ? this.#item : this.#rest).add(bytes.subarray(from, to));
      from = next;
    };
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (this.#inString) this.#readString(byte);
      else if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN_OBJECT && this.#betweenItems()) {
        cut(at, at);
        this.#inItem = true;
        this.#depth += 1;
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#open(byte);
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (this.#close()) {
          cut(at + 1, at + 1);
          this.#inItem = false;
          this.#itemEnd = this.#pushed + at + 1;
          this.#onItem(this.#item.take());
        }
      } else if (byte === COMMA && this.#betweenItems()) cut(at, at + 1);
    }
    cut(bytes.length, bytes.length);
    this.#pushed += bytes.length;
  }

  /** The document without the items. */
  end(): string {
    return this.#rest.take();
  }

  #open(byte: number): void {
    this.#depth += 1;
    if (byte === OPEN_LIST && this.#depth <= 2) this.#itemDepth ??= this.#depth;
  }

  /** Whether that was the end of an item. */
  #close(): boolean {
    this.#depth -= 1;
    if (this.#itemDepth !== null && this.#depth < this.#itemDepth) this.#itemDepth = null;
    return this.#inItem && this.#depth === this.#itemDepth;
  }

  #betweenItems(): boolean {
    return this.#depth === this.#itemDepth && !this.#inItem;
  }

  #readString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
  }
}

/** Bytes of a text that may come in several chunks. */
class Piece {
  #chunks: Buffer[] = [];
  #length = 0;

  add(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (this.#length > MAX_PIECE) throw new GarbledOutput('one of its pieces is too long for an inventory');
    // A copy, because the chunk's memory may be used again.
    if (bytes.length > 0) this.#chunks.push(Buffer.from(bytes));
  }

  take(): string {
    const text = Buffer.concat(this.#chunks).toString('utf8');
    this.#chunks = [];
    this.#length = 0;
    return text;
  }
}
