import { createHash } from 'node:crypto';
import { MiB } from '../../../../shared/units.ts';
import type { TreeHash } from '../../../../shared/upload.ts';
import { keepBody, readBody } from '../../exchange/body.ts';
import { BodyHasher } from '../tree-hash.ts';

/** A body that arrived whole. Hashes in lower-case hexadecimal. */
export type Body =
  | { kind: 'data'; length: number; linear: string; treeHash: TreeHash; file: string }
  | { kind: 'small'; length: number; linear: string; bytes: Buffer }
  /** Too long for its operation; nothing of it was kept. */
  | { kind: 'dropped'; length: number; linear: string };

/** Largest JSON body: policies have at most 20 KB. */
const MAX_SMALL_BODY = 1 * MiB;

type Source = AsyncIterable<Buffer>;

export async function receiveToFile(source: Source, file: string): Promise<Body> {
  const hasher = new BodyHasher();
  const length = await keepBody(source, file, [hasher]);
  return { kind: 'data', length, ...hasher.digest(), file };
}

export async function receiveSmall(source: Source, maxLength = MAX_SMALL_BODY): Promise<Body> {
  const hash = createHash('sha256');
  const { length, bytes } = await readBody(source, maxLength, [hash]);
  const linear = hash.digest('hex');
  return bytes ? { kind: 'small', length, linear, bytes } : { kind: 'dropped', length, linear };
}

/** Counts and hashes a body of which nothing is kept. */
export function drop(source: Source): Promise<Body> {
  return receiveSmall(source, -1);
}
