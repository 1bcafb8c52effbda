import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KiB, MiB } from '../../shared/units.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';
import type { SeededRandom } from './random.ts';

/** A file that is to be stored. `size` in bytes. */
export type Source = { path: string; size: number; treeHash: string };

/** Names that people, cameras and other systems make. Each gets a number behind it. */
const names = [
  'DSC_',
  'Agátka ve školce ',
  // Decomposed, as macOS writes it.
  'Aga\u0301tka ',
  ' leading and trailing ',
  '-rf',
  '--vault=other ',
  'line\nbreak ',
  'quotes "double" \'single\' `back` ',
  '$(reboot) %s %20 & ; | ',
  '..hidden..',
  'back\\slash\\',
  'صورة ',
  '写真 ',
  '🏔️ ',
  '\u202Egpj.evil ',
  '\u0007bell ',
  'long '.repeat(45),
];
/** Of more than 700 bytes, so that the whole path does not fit into an archive description. */
const deep = Array.from({ length: 4 }, (_, level) => `${'deep folder '.repeat(16)}${level}`).join('/');
const folders = ['', '', '2026/11', 'Fotky ze zahrady ', deep];

/** More parts of 1 MiB than one page of ListParts has. */
const MANY_PARTS = 53 * MiB;

/** Files with contents, sizes and names that follow from the seed; new ones whenever they are asked for. */
export class Sources {
  readonly all: Source[] = [];
  readonly folder: string;
  readonly #random: SeededRandom;
  #previous: Buffer = Buffer.from('f');
  #count = 0;

  constructor(folder: string, random: SeededRandom) {
    this.folder = folder;
    this.#random = random;
  }

  make(count: number): Source[] {
    const made = Array.from({ length: count }, () => this.#makeOne());
    this.all.push(...made);
    return made;
  }

  makeLarge(): Source {
    const source = this.#write(this.#random.bytes(MANY_PARTS));
    this.all.push(source);
    return source;
  }

  get bytes(): number {
    return this.all.reduce((sum, { size }) => sum + size, 0);
  }

  #makeOne(): Source {
    // The same bytes under another name are another archive.
    const bytes = this.#random.chance(0.06) ? this.#previous : this.#random.bytes(this.#size());
    this.#previous = bytes;
    return this.#write(bytes);
  }

  #size(): number {
    const random = this.#random;
    const kind = random.next();
    if (kind < 0.15) return 1;
    if (kind < 0.25) return random.between(2, 64 * KiB);
    if (kind < 0.35) return random.between(1, 3) * MiB + random.between(-1, 1);
    return kind < 0.92 ? random.between(1, 4 * MiB) : random.between(4 * MiB, 12 * MiB);
  }

  #write(bytes: Buffer): Source {
    this.#count += 1;
    const name = `${this.#random.pick(names)}${this.#count}.raw`;
    const path = join(this.folder, this.#random.pick(folders), name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    return { path, size: bytes.length, treeHash: treeHashByDefinition(bytes) };
  }
}
