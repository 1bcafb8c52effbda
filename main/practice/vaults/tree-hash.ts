import { createHash } from 'node:crypto';
import { MiB } from '../../../shared/units.ts';
import type { TreeHash } from '../../../shared/upload.ts';

/** The size of a leaf of the tree, in bytes (developer guide, "Computing checksums"). */
export const LEAF_SIZE = 1 * MiB;

/**
 * Both hashes of a body in one pass, level by level as the developer guide tells it. The client has code of its own for
 * this: what both had wrong alike, nobody would notice. Hashes in lower-case hexadecimal.
 */
export class BodyHasher {
  readonly #linear = createHash('sha256');
  readonly #leaves: Buffer[] = [];
  #leaf = createHash('sha256');
  #leafLength = 0;

  update(bytes: Uint8Array): void {
    this.#linear.update(bytes);
    for (let from = 0; from < bytes.length;) {
      const piece = bytes.subarray(from, from + LEAF_SIZE - this.#leafLength);
      this.#leaf.update(piece);
      this.#leafLength += piece.length;
      from += piece.length;
      if (this.#leafLength === LEAF_SIZE) this.#endLeaf();
    }
  }

  /** To be called once, last. An empty body has the one leaf of no bytes. */
  digest(): { linear: string; treeHash: TreeHash } {
    if (this.#leafLength > 0 || this.#leaves.length === 0) this.#endLeaf();
    return { linear: this.#linear.digest('hex'), treeHash: rootOf(this.#leaves) };
  }

  #endLeaf(): void {
    this.#leaves.push(this.#leaf.digest());
    this.#leaf = createHash('sha256');
    this.#leafLength = 0;
  }
}

/** The tree hash of an archive whose parts, in order, have these; all parts but the last have one power-of-two size. */
export function treeHashOfParts(parts: readonly TreeHash[]): TreeHash {
  return rootOf(parts.map((part) => Buffer.from(part, 'hex')));
}

/** Pairs the nodes of each level into the next. A last one without a partner moves up as it is. */
function rootOf(nodes: readonly Buffer[]): TreeHash {
  const [only, ...others] = nodes;
  if (only && others.length === 0) return only.toString('hex') as TreeHash;
  const next: Buffer[] = [];
  for (let index = 0; index < nodes.length; index += 2) {
    const [left, right] = nodes.slice(index, index + 2);
    if (left) next.push(right ? createHash('sha256').update(left).update(right).digest() : left);
  }
  return rootOf(next);
}
