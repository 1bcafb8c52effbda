import type { Failure } from '../../shared/failure.ts';
import { type Result, fail } from '../../shared/result.ts';
import type { MultipartUploadId } from '../../shared/upload.ts';
import type { MultipartMissing } from '../core/ports.ts';
import type { Client } from './client.ts';
import { missingThing } from './failure.ts';
import type { Refusal } from '../aws/refusal.ts';
import { describeVault } from './vaults.ts';

export type Multipart = { vault: string; multipartUploadId: MultipartUploadId };

export function multipartPath({ vault, multipartUploadId }: Multipart): string[] {
  return ['vaults', vault, 'multipart-uploads', multipartUploadId];
}

/** A 404 of an operation on a multipart upload: the vault may be missing instead, and the message may not say. */
export type NotFound = { kind: 'multipart-missing' } | { kind: 'vault-or-multipart-missing' };

export function readNotFound(refusal: Refusal): NotFound | null {
  if (refusal.status !== 404 || missingThing(refusal) === 'vault') return null;
  return { kind: missingThing(refusal) === 'multipart upload' ? 'multipart-missing' : 'vault-or-multipart-missing' };
}

/** Asks for the vault when it is not clear what is missing. */
export async function settleNotFound<T, F extends { kind: string }>(
  result: Result<T, F | NotFound>,
  { vault }: Multipart,
  { client, signal }: { client: Client; signal: AbortSignal },
): Promise<Result<T, Exclude<F, NotFound> | Failure | MultipartMissing>> {
  if (result.ok) return result;
  const { failure } = result;
  if (failure.kind !== 'vault-or-multipart-missing') return fail(failure as Exclude<F, NotFound>);
  const described = await describeVault(client, vault, signal);
  return described.ok ? fail({ kind: 'multipart-missing' }) : described;
}
