import { randomUUID } from 'node:crypto';
import { opendir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder } from '../../../files/private.ts';
import { syncFolder } from '../../durable.ts';

/**
 * The files that hold the bytes of objects and parts. A file is nothing until a record names it, so what a crash left is
 * told by its having none.
 */
export class DataFiles {
  readonly #folder: string;
  /** Names of files that are on their way to a record. */
  readonly #coming = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
    makePrivateFolder(folder);
  }

  /** A name for a new file. It counts as on its way until `settle`. */
  newName(): string {
    const name = randomUUID();
    this.#coming.add(name);
    return name;
  }

  pathOf(name: string): string {
    return join(this.#folder, name);
  }

  /** Makes the names of new files durable, whose bytes are. */
  async keep(): Promise<void> {
    await syncFolder(this.#folder);
  }

  /** The request that brought the file is over. It goes, unless a record names it by now. */
  async settle(name: string, isNamed: boolean): Promise<void> {
    if (!isNamed) await rm(this.pathOf(name), { force: true });
    this.#coming.delete(name);
  }

  /** Removes files whose record is gone. What cannot be removed now goes at the next start. */
  discard(names: readonly string[]): void {
    for (const name of names) void rm(this.pathOf(name), { force: true }).catch(() => undefined);
  }

  /** Removes what no record names: what a crash left behind. */
  async sweep(isNamed: (name: string) => boolean): Promise<void> {
    for await (const { name } of await opendir(this.#folder)) {
      if (!this.#coming.has(name) && !isNamed(name)) this.discard([name]);
    }
  }
}
