import { errorText } from '../../shared/error-text.ts';
import { type ByteRange, rangeLength } from '../../shared/part-plan.ts';
import { type Result, ok } from '../../shared/result.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { JobOutput, OutputRequest, Sink } from '../places/ports/archive-service.ts';
import { TreeHasher } from '../core/tree-hash.ts';
import { garbled } from '../aws/garbled.ts';
import type { Client } from './client.ts';
import { GarbledOutput } from './garbled-output.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';

/**
 * Streams the output of a job into `write`, which may have got bytes when this fails. `answer-garbled` when they are not the
 * range or do not have the tree hash that Glacier tells; `not-found` when the output is gone. Throws what `write` throws.
 */
export async function jobOutput(
  client: Client,
  { vault, jobId, range }: OutputRequest,
  { write, signal }: { write: Sink; signal: AbortSignal },
): Promise<Result<JobOutput>> {
  const hasher = new TreeHasher();
  let length = 0;
  const take = async (bytes: Uint8Array): Promise<void> => {
    hasher.update(bytes);
    length += bytes.length;
    await write(bytes);
  };
  const operation = {
    method: 'GET',
    path: ['vaults', vault, 'jobs', jobId, 'output'],
    headers: range ? { range: `bytes=${range.first}-${range.last}` } : {},
    thing: 'The output of the job',
    sink: (head: Pick<HttpAnswer, 'status' | 'headers'>) => {
      if (range && !isRange(head, range)) throw new GarbledOutput('it is another range than the one asked for');
      return take;
    },
  } as const;
  try {
    const answer = await client.call(operation, signal);
    return answer.ok ? checked(answer.value, { length, treeHash: hasher.digest() }, range) : answer;
  } catch (error) {
    if (error instanceof GarbledOutput) return garbled(errorText(error));
    throw error;
  }
}

function isRange({ status, headers }: Pick<HttpAnswer, 'status' | 'headers'>, { first, last }: ByteRange): boolean {
  return status === 206 && (headers['content-range'] ?? '').startsWith(`bytes ${first}-${last}/`);
}

function checked(
  { headers }: HttpAnswer,
  received: { length: number; treeHash: TreeHash },
  range: ByteRange | undefined,
): Result<JobOutput> {
  if (range && received.length !== rangeLength(range)) return garbled('it has another length than the range asked for');
  const told = headers['x-amz-sha256-tree-hash']?.toLowerCase();
  if (told !== undefined && told !== received.treeHash)
    return garbled('its bytes do not have the tree hash that it tells');
  return ok({
    ...received,
    confirmed: told !== undefined,
    contentType: headers['content-type'] ?? '',
    description: headers['x-amz-archive-description'] ?? '',
  });
}
