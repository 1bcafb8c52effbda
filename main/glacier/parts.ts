import type { Failure } from '../../shared/failure.ts';
import type { ByteRange } from '../../shared/part-plan.ts';
import { type Result, ok } from '../../shared/result.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { MultipartMissing, RemotePart, SourceFile } from '../core/ports.ts';
import type { PartHashes } from '../core/tree-hash.ts';
import { garbled } from '../aws/garbled.ts';
import { parseAnswer, treeHashOf } from './answer.ts';
import type { Client } from './client.ts';
import { type Multipart, multipartPath, readNotFound, settleNotFound } from './multipart-missing.ts';
import { listAll } from '../aws/list-all.ts';
import { pageQuery } from './paging.ts';
import type { SendPartOptions } from '../aws/part-sender.ts';
import { partPage } from './schemas.ts';

export async function uploadPart(
  client: Client,
  { source, range, ...upload }: Multipart & { source: SourceFile; range: ByteRange },
  options: SendPartOptions,
): Promise<Result<TreeHash, Failure | MultipartMissing>> {
  const headersOf = ({ linear, treeHash }: PartHashes): Record<string, string> => ({
    'content-range': `bytes ${range.first}-${range.last}/*`,
    'content-type': 'application/octet-stream',
    'x-amz-content-sha256': linear,
    'x-amz-sha256-tree-hash': treeHash,
  });
  const operation = { method: 'PUT', path: multipartPath(upload), ownOutcome: readNotFound } as const;
  const answer = await client.sendPart(operation, { source, range }, headersOf, options);
  const sent = await settleNotFound(answer, upload, { client, signal: options.signal });
  if (!sent.ok) return sent;
  const confirmed = treeHashOf(sent.value.response);
  if (!confirmed.ok) return confirmed;
  return confirmed.value === sent.value.treeHash ? confirmed : garbled('it confirms the tree hash of other bytes');
}

export async function listParts(
  client: Client,
  upload: Multipart,
  signal: AbortSignal,
): Promise<Result<{ partSize: number; parts: RemotePart[] }, Failure | MultipartMissing>> {
  let partSize = 0;
  const parts = await listAll(async (marker: string | null) => {
    const operation = {
      method: 'GET',
      path: multipartPath(upload),
      query: pageQuery(marker),
      ownOutcome: readNotFound,
    } as const;
    const answer = await settleNotFound(await client.call(operation, signal), upload, { client, signal });
    if (!answer.ok) return answer;
    const page = parseAnswer(answer.value, partPage);
    if (page.ok) partSize = page.value.partSize;
    return page;
  });
  return parts.ok ? ok({ partSize, parts: parts.value }) : parts;
}
