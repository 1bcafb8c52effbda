import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { GiB } from '../../shared/units.ts';
import type { ArchiveId, TreeHash } from '../../shared/upload.ts';
import type { SourceFile } from '../core/ports.ts';
import type { PartHashes } from '../core/tree-hash.ts';
import type { Client } from './client.ts';
import { type StoredArchive, readStoredArchive } from './complete.ts';
import type { SendPartOptions } from '../aws/part-sender.ts';
import { descriptionProblem } from './printable-ascii.ts';

/** Larger files need a multipart upload (API reference, "Upload Archive"). */
export const LARGEST_IN_ONE_REQUEST = 4 * GiB;

/**
 * Uploads a whole file in one request. Not idempotent: a repetition after a lost answer stores a second archive, so a
 * multipart upload is the safer way even for small files.
 */
export async function uploadArchive(
  client: Client,
  { vault, description, source }: { vault: string; description: string; source: SourceFile },
  options: SendPartOptions,
): Promise<Result<StoredArchive & { treeHash: TreeHash }>> {
  const problem = descriptionProblem(description) ?? sizeProblem(source);
  if (problem) return fail(problem);
  const headersOf = ({ linear, treeHash }: PartHashes): Record<string, string> => ({
    'content-type': 'application/octet-stream',
    'x-amz-content-sha256': linear,
    'x-amz-sha256-tree-hash': treeHash,
    ...(description === '' ? {} : { 'x-amz-archive-description': description }),
  });
  const part = { source, range: { first: 0, last: source.identity.size - 1 } };
  const operation = { method: 'POST', path: ['vaults', vault, 'archives'] } as const;
  const sent = await client.sendPart(operation, part, headersOf, options);
  if (!sent.ok) return sent;
  const { treeHash } = sent.value;
  const stored = readStoredArchive(sent.value.response, vault, treeHash);
  return stored.ok ? ok({ ...stored.value, treeHash }) : stored;
}

/** Deleting an archive that is gone already succeeds. Inventories go on listing it for about a day. */
export function deleteArchive(
  client: Client,
  { vault, archiveId }: { vault: string; archiveId: ArchiveId },
  signal: AbortSignal,
): Promise<Result<null>> {
  const path = ['vaults', vault, 'archives', archiveId];
  return client.command({ method: 'DELETE', path, thing: 'The archive' }, signal);
}

function sizeProblem({ path, identity: { size } }: SourceFile): Failure | null {
  if (size === 0) return { kind: 'file-empty', path };
  if (size <= LARGEST_IN_ONE_REQUEST) return null;
  return { kind: 'invalid-input', detail: 'A file of more than 4 GiB cannot be uploaded in one request.' };
}
