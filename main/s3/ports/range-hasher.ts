import { type Hash, createHash } from 'node:crypto';
import type { Checksum } from '../../../shared/checksum.ts';
import type { ByteRange } from '../../../shared/part-plan.ts';
import type { StoredPart } from '../attributes.ts';

/** Hashes a range as it comes, and each of the parts that lie in it whole. */
export class RangeHasher {
  readonly #whole = createHash('sha256');
  readonly #parts: readonly StoredPart[];
  #covered = 0;
  #at: number;
  #index = 0;
  #part: Hash | null = null;
  #isDamaged = false;

  constructor({ first, last }: ByteRange, parts: readonly StoredPart[]) {
    this.#parts = parts.filter((part) => part.first >= first && part.last <= last);
    this.#at = first;
  }

  update(bytes: Uint8Array): void {
    this.#whole.update(bytes);
    for (let from = 0; from < bytes.length;) {
      const part = this.#parts[this.#index];
      if (part === undefined) break;
      const [begins, ends] = [part.first - this.#at + from, part.last + 1 - this.#at + from];
      if (begins > from) {
        const skipped = Math.min(begins, bytes.length) - from;
        this.#at += skipped;
        from += skipped;
        continue;
      }
      const piece = bytes.subarray(from, ends);
      (this.#part ??= createHash('sha256')).update(piece);
      this.#at += piece.length;
      from += piece.length;
      if (this.#at > part.last) this.#end(part);
    }
  }

  digest(): Checksum {
    return `sha256:${this.#whole.digest('hex')}`;
  }

  /** A part has other bytes than its checksum is of. */
  get isDamaged(): boolean {
    return this.#isDamaged;
  }

  /** How many of the bytes were compared. */
  get covered(): number {
    return this.#covered;
  }

  #end({ first, last, checksum }: StoredPart): void {
    if (`sha256:${this.#part?.digest('hex') ?? ''}` !== checksum) this.#isDamaged = true;
    this.#covered += last - first + 1;
    this.#part = null;
    this.#index += 1;
  }
}
