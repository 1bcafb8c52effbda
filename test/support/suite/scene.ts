import type { PracticeOptions } from '../../../main/practice/server.ts';
import { type PracticeBench } from '../practice-bench.ts';
import { treeHashByDefinition as treeHashOf } from '../tree-hash-by-definition.ts';
import { valueOf } from '../value-of.ts';
import type { GlacierPort, Place, Upload } from './port.ts';

/** A practice vault, and the client under test for it. */
export type Scene<Port = GlacierPort> = { practice: PracticeBench; glacier: Port };
export type OpenScene<Port = GlacierPort> = (
  options?: Partial<PracticeOptions>,
  place?: Partial<Place>,
) => Promise<Scene<Port>>;

export const arnOf = (vault: string): string => `arn:aws:glacier:us-east-1:111122223333:vaults/${vault}`;

export const vaultMissing = { ok: false, failure: { why: 'vault-missing' } };
export const notFound = { ok: false, failure: { why: 'not-found' } };
export const invalid = { ok: false, failure: { why: 'invalid' } };

/** Refused as a wrong parameter, in the service's own words. */
export const refusedWith = (message: string) => ({ ok: false, failure: { why: 'invalid', message } });

/** A vault "photos". */
export async function photos<Port extends GlacierPort>(
  open: OpenScene<Port>,
  options?: Partial<PracticeOptions>,
): Promise<Scene<Port>> {
  const scene = await open(options);
  valueOf(await scene.glacier.createVault('photos'));
  return scene;
}

export async function newUpload({ glacier }: Scene, partSize: number, description = ''): Promise<Upload> {
  return { vault: 'photos', uploadId: valueOf(await glacier.initiate('photos', partSize, description)) };
}

/** Uploads these parts of the bytes, by their index, in this order. */
export async function sendParts(
  { glacier }: Scene,
  upload: Upload,
  { bytes, partSize }: { bytes: Buffer; partSize: number },
  indexes: readonly number[],
): Promise<void> {
  for (const index of indexes) {
    const part = bytes.subarray(index * partSize, (index + 1) * partSize);
    valueOf(await glacier.uploadPart(upload, index * partSize, part));
  }
}

/** An archive in "photos", uploaded in one request; its ID. */
export async function store({ glacier }: Scene, bytes: Buffer, description = ''): Promise<string> {
  const stored = valueOf(await glacier.uploadArchive('photos', description, bytes));
  if (stored.treeHash !== treeHashOf(bytes)) throw new Error('another tree hash');
  return stored.archiveId;
}

/** How many requests of an operation have arrived. */
export function countOf({ practice }: Scene, operation: string): number {
  return practice
    .vault()
    .ledger.read()
    .filter((entry) => entry.operation === operation).length;
}
