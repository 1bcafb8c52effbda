import type { Checksum, Piece } from '../../../shared/checksum.ts';

/** The checksums that a place confirms. Pure: the same bytes give the same answer on every computer. */
export interface Checksummer {
  /** Of a part, and of any range that the service can give a checksum of: what whoever hashes a range has to compute. */
  readonly ofRange: 'sha256-tree' | 'sha256';
  /**
   * Of the whole, from those of its parts in order and without gaps. A vault's does not depend on the part size; a bucket's
   * does, so whoever compares it later must know that.
   */
  combine(pieces: readonly Pick<Piece, 'checksum'>[]): Checksum;
}
