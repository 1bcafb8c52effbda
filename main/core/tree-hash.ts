import { type Hash, createHash } from 'node:crypto';
import { MiB } from '../../shared/units.ts';
import type { TreeHash } from '../../shared/upload.ts';

/** Glacier's tree hash is made of the SHA-256 of each MiB (developer guide, "Computing checksums"). */
const LEAF_SIZE = 1 * MiB;

export type PartHashes = {
  /** SHA-256 of all bytes in order, for the signature and `x-amz-content-sha256`; lower-case hexadecimal. */
  linear: string;
  treeHash: TreeHash;
};

/** Computes both hashes that Glacier asks for in one pass over the bytes, in pieces of any length. */
export interface HashesOfPart {
  update(bytes: Uint8Array): void;
  /** To be called once, last. */
  digest(): PartHashes;
}

/** Both hashes with what every Node has. */
export class PartHasher implements HashesOfPart {
  readonly #linear = createHash('sha256');
  readonly #tree = new LeafPairs();
  #leaf: Hash | null = null;
  #leafLength = 0;
  #leaves = 0;

  update(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length;) {
      const piece = bytes.subarray(from, from + LEAF_SIZE - this.#leafLength);
      this.#linear.update(piece);
      // Through the first MiB both hashes are the same, so the leaf is a copy and costs nothing.
      if (this.#leaves > 0) (this.#leaf ??= createHash('sha256')).update(piece);
      this.#leafLength += piece.length;
      from += piece.length;
      if (this.#leafLength === LEAF_SIZE) this.#endLeaf();
    }
  }

  digest(): PartHashes {
    if (this.#leafLength > 0 || this.#leaves === 0) this.#endLeaf();
    return { linear: this.#linear.digest('hex'), treeHash: this.#tree.root().toString('hex') as TreeHash };
  }

  #endLeaf(): void {
    this.#tree.push((this.#leaves === 0 ? this.#linear.copy() : (this.#leaf ?? createHash('sha256'))).digest());
    this.#leaf = null;
    this.#leafLength = 0;
    this.#leaves += 1;
  }
}

/** The tree hash alone, at half the cost of both. */
export class TreeHasher {
  readonly #tree = new LeafPairs();
  #leaf = createHash('sha256');
  #leafLength = 0;
  #leaves = 0;

  update(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length;) {
      const piece = bytes.subarray(from, from + LEAF_SIZE - this.#leafLength);
      this.#leaf.update(piece);
      this.#leafLength += piece.length;
      from += piece.length;
      if (this.#leafLength === LEAF_SIZE) this.#endLeaf();
    }
  }

  digest(): TreeHash {
    if (this.#leafLength > 0 || this.#leaves === 0) this.#endLeaf();
    return this.#tree.root().toString('hex') as TreeHash;
  }

  #endLeaf(): void {
    this.#tree.push(this.#leaf.digest());
    this.#leaf = createHash('sha256');
    this.#leafLength = 0;
    this.#leaves += 1;
  }
}

/**
 * The tree hash of an archive from the tree hashes of its parts, in order. Right only when every part but the last has
 * the same power-of-two size of at least 1 MiB, as all of Glacier's part sizes do.
 */
export function combineTreeHashes(parts: Iterable<TreeHash>): TreeHash {
  const tree = new LeafPairs();
  for (const part of parts) tree.push(Buffer.from(part, 'hex'));
  return tree.root().toString('hex') as TreeHash;
}

/** Pairs nodes as they come and keeps one for each level: the logarithm of the archive's size in memory. */
class LeafPairs {
  readonly #stack: { level: number; hash: Buffer }[] = [];

  push(hash: Buffer): void {
    let node = { level: 0, hash };
    for (let top = this.#stack.at(-1); top?.level === node.level; top = this.#stack.at(-1)) {
      this.#stack.pop();
      node = { level: node.level + 1, hash: pair(top.hash, node.hash) };
    }
    this.#stack.push(node);
  }

  /** An unpaired last node moves up unchanged. */
  root(): Buffer {
    return this.#stack.map((node) => node.hash).reduceRight((right, left) => pair(left, right));
  }
}

function pair(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(left).update(right).digest();
}
