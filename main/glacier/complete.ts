import type { Failure } from '../../shared/failure.ts';
import { type Result, ok } from '../../shared/result.ts';
import { MINUTE } from '../../shared/units.ts';
import type { ArchiveId, TreeHash } from '../../shared/upload.ts';
import type { CompletionRefused, MultipartMissing } from '../core/ports.ts';
import { garbled, headerOf } from '../aws/garbled.ts';
import type { Client } from './client.ts';
import { isRefusedCompletion } from './failure.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';
import { type Multipart, type NotFound, multipartPath, readNotFound, settleNotFound } from './multipart-missing.ts';
import type { Refusal } from '../aws/refusal.ts';

/** The service puts a large archive together before it answers. */
const PATIENCE_MS = 10 * MINUTE;

export type StoredArchive = { archiveId: ArchiveId; location: string };

export async function complete(
  client: Client,
  { size, treeHash, ...upload }: Multipart & { size: number; treeHash: TreeHash },
  signal: AbortSignal,
): Promise<Result<StoredArchive, Failure | MultipartMissing | CompletionRefused>> {
  const operation = {
    method: 'POST',
    path: multipartPath(upload),
    headers: { 'x-amz-archive-size': String(size), 'x-amz-sha256-tree-hash': treeHash },
    ownOutcome: readRefusedCompletion,
    limits: { idleTimeoutMs: PATIENCE_MS },
  } as const;
  const answer = await settleNotFound(await client.call(operation, signal), upload, { client, signal });
  return answer.ok ? readStoredArchive(answer.value, upload.vault, treeHash) : answer;
}

function readRefusedCompletion(refusal: Refusal): NotFound | CompletionRefused | null {
  if (isRefusedCompletion(refusal)) return { kind: 'completion-refused', message: refusal.message };
  return readNotFound(refusal);
}

/**
 * Nothing counts as stored without an archive ID. The service compared the tree hash of the request with that of the bytes it
 * has, or it would have refused; an answer that repeats it must repeat the same one.
 */
export function readStoredArchive(answer: HttpAnswer, vault: string, treeHash: TreeHash): Result<StoredArchive> {
  const archiveId = headerOf(answer, 'x-amz-archive-id');
  if (!archiveId.ok) return archiveId;
  const confirmed = answer.headers['x-amz-sha256-tree-hash']?.toLowerCase() ?? treeHash;
  if (confirmed !== treeHash) return garbled('it confirms the tree hash of another archive');
  const location = answer.headers['location'] ?? `/-/vaults/${vault}/archives/${archiveId.value}`;
  return ok({ archiveId: archiveId.value as ArchiveId, location });
}
