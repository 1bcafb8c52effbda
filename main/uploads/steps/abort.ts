import type { Failure } from '../../../shared/failure.ts';
import type { MultipartUploadId } from '../../../shared/upload.ts';
import type { Upload } from '../../core/store-ports.ts';
import type { StepContext } from './context.ts';

/** aborting → cancelled. What is gone already, alone or with its vault, needs no abort. */
export async function abortMultipart(
  upload: Upload,
  multipartUploadId: MultipartUploadId,
  { uploads, destination, clock, signal }: StepContext,
): Promise<Failure | null> {
  const answer = await destination.abort({ vault: upload.vault, multipartUploadId }, signal);
  const gone = answer.ok || answer.failure.kind === 'multipart-missing' || answer.failure.kind === 'vault-missing';
  if (!gone) return answer.failure as Failure;
  uploads.apply(upload.id, { kind: 'aborted', at: clock.now() });
  return null;
}
