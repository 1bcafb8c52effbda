import { treeChecksum, treeHashIn } from '../../../shared/checksum.ts';
import type { Checksum } from '../../../shared/checksum.ts';
import type { TreeHash } from '../../../shared/upload.ts';
import { combineTreeHashes } from '../../core/tree-hash.ts';
import type { Checksummer } from '../../places/ports/checksummer.ts';

export const vaultChecksums: Checksummer = {
  ofRange: 'sha256-tree',
  combine: (pieces) => treeChecksum(combineTreeHashes(pieces.map(({ checksum }) => treeHashOf(checksum)))),
};

/** @throws when it is no tree hash: nothing else is ever written down for a vault. */
export function treeHashOf(checksum: Checksum): TreeHash {
  const treeHash = treeHashIn(checksum);
  if (treeHash === null) throw new Error(`A vault has no checksum like ${checksum}`);
  return treeHash;
}
