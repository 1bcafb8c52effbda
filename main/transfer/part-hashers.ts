import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { MiB } from '../../shared/units.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { SentHashes } from '../aws/part-sender.ts';
import { type HashesOfPart, type PartHashes, PartHasher } from '../core/tree-hash.ts';

/** The addon in `native/`. A state is `stateLength` bytes that it alone understands. */
type Addon = {
  isSupported: boolean;
  stateLength: number;
  begin(state: Uint8Array): void;
  update(state: Uint8Array, bytes: Uint8Array): void;
  /** The linear hash and the tree hash, 32 bytes each. Ends the use of the state. */
  end(state: Uint8Array): Buffer;
};

const DIGEST_LENGTH = 32;

/** Where the build puts the addon for this kind of computer, if it could make one. */
export function addonFile(codeFolder: string): string {
  return join(codeFolder, `part-hash-${process.platform}-${process.arch}.node`);
}

/**
 * Makes the fastest hashers that this computer has: those of the addon, which take about two thirds of the time, where there
 * is one that loads, that the processor can run, and that is right; otherwise those in JavaScript.
 */
export function fastestHashers(file: string): () => HashesOfPart {
  const addon = load(file);
  if (!addon?.isSupported) return newPartHasher;
  const newNativeHasher = (): HashesOfPart => new NativePartHasher(addon);
  return isRight(newNativeHasher) ? newNativeHasher : newPartHasher;
}

function newPartHasher(): HashesOfPart {
  return new PartHasher();
}

/** Not every build has one, and one for another kind of system does not load. */
function load(file: string): Addon | null {
  try {
    return createRequire(import.meta.url)(file) as Addon;
  } catch {
    return null;
  }
}

/** A wrong hash would only be noticed by the service, part after part. */
function isRight(newHasher: () => HashesOfPart): boolean {
  const bytes = new Uint8Array(MiB + 100).fill(0x5a);
  const [own, expected] = [newHasher(), newPartHasher()];
  for (const hasher of [own, expected]) hasher.update(bytes);
  const [a, b] = [own.digest(), expected.digest()];
  return a.linear === b.linear && a.treeHash === b.treeHash;
}

/** SHA-256 of all bytes alone, by Node's own code, which is the fastest for it. */
export class LinearHasher {
  readonly #hash = createHash('sha256');

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  digest(): SentHashes {
    return { linear: this.#hash.digest('hex'), treeHash: null };
  }
}

class NativePartHasher implements HashesOfPart {
  readonly #addon: Addon;
  readonly #state: Uint8Array;

  constructor(addon: Addon) {
    this.#addon = addon;
    this.#state = new Uint8Array(addon.stateLength);
    addon.begin(this.#state);
  }

  update(bytes: Uint8Array): void {
    this.#addon.update(this.#state, bytes);
  }

  digest(): PartHashes {
    const digests = this.#addon.end(this.#state);
    return {
      linear: digests.toString('hex', 0, DIGEST_LENGTH),
      treeHash: digests.toString('hex', DIGEST_LENGTH) as TreeHash,
    };
  }
}
