import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { MultipartUploadId } from '../../shared/upload.ts';
import type { MultipartMissing, OpenMultipartUpload } from '../core/ports.ts';
import { headerOf } from '../aws/garbled.ts';
import { parseAnswer } from './answer.ts';
import type { Client } from './client.ts';
import { type Multipart, multipartPath, readNotFound, settleNotFound } from './multipart-missing.ts';
import { listAll } from '../aws/list-all.ts';
import { pageQuery } from './paging.ts';
import { descriptionProblem } from './printable-ascii.ts';
import { multipartUploadPage } from './schemas.ts';

export async function initiate(
  client: Client,
  { vault, description, partSize }: { vault: string; description: string; partSize: number },
  signal: AbortSignal,
): Promise<Result<MultipartUploadId>> {
  const problem = descriptionProblem(description);
  if (problem) return fail(problem);
  const headers = {
    'x-amz-part-size': String(partSize),
    ...(description === '' ? {} : { 'x-amz-archive-description': description }),
  };
  const answer = await client.call({ method: 'POST', path: ['vaults', vault, 'multipart-uploads'], headers }, signal);
  if (!answer.ok) return answer;
  const id = headerOf(answer.value, 'x-amz-multipart-upload-id');
  return id.ok ? ok(id.value as MultipartUploadId) : id;
}

export function listMultipartUploads(
  client: Client,
  vault: string,
  signal: AbortSignal,
): Promise<Result<OpenMultipartUpload[]>> {
  return listAll(async (marker: string | null) => {
    const path = ['vaults', vault, 'multipart-uploads'];
    const answer = await client.call({ method: 'GET', path, query: pageQuery(marker) }, signal);
    return answer.ok ? parseAnswer(answer.value, multipartUploadPage) : answer;
  });
}

export async function abort(
  client: Client,
  upload: Multipart,
  signal: AbortSignal,
): Promise<Result<null, Failure | MultipartMissing>> {
  const aborted = await client.call(
    { method: 'DELETE', path: multipartPath(upload), ownOutcome: readNotFound },
    signal,
  );
  const answer = await settleNotFound(aborted, upload, { client, signal });
  return answer.ok ? ok(null) : answer;
}
