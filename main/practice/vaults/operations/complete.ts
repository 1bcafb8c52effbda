import { rangeLength } from '../../../../shared/part-plan.ts';
import { fail, ok } from '../../../../shared/result.ts';
import { treeHashOfParts } from '../tree-hash.ts';
import type { Answer } from '../../exchange/answer.ts';
import { doneAnswer } from '../protocol/answers.ts';
import { type Operation, type Service, findVault, vaultLocation } from '../protocol/call.ts';
import { readArchiveSize, readTreeHash } from '../protocol/parameters.ts';
import { type Rejection, rejections } from '../protocol/rejections.ts';
import { type Part, inOrder } from '../store/parts.ts';
import type { Archive } from '../store/store.ts';
import { completeUpload, findCompleted } from '../store/uploads.ts';
import { findUpload } from './multipart.ts';

/** Idempotent for a while. A refusal leaves the upload open as it is. */
export const completeMultipartUpload: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const size = readArchiveSize(call.headers);
  if (!size.ok) return size;
  const treeHash = readTreeHash(call.headers);
  if (!treeHash.ok) return treeHash;
  const asked = { size: size.value, treeHash: treeHash.value };

  const done = findCompleted(vault.value, call.route.id, service.clock(), service.rules);
  if (done) {
    const problem = repetitionProblem(done, asked);
    return problem ? fail(problem) : ok({ ...completedAnswer(service, call.route.vault, done), committed: false });
  }
  const upload = findUpload(service, call, vault.value);
  if (!upload.ok) return upload;
  const parts = inOrder(upload.value.parts);
  const problem = partsProblem(parts, upload.value.record.partSize) ?? archiveProblem(parts, asked);
  if (problem) return fail(problem);
  const archive = await completeUpload(vault.value, upload.value, { ...asked, createdAt: service.clock() });
  return ok(completedAnswer(service, call.route.vault, archive));
};

/** What every upload of an archive answers. */
export function completedAnswer(service: Service, vault: string, { record }: Archive): Answer {
  return doneAnswer(201, {
    Location: `${vaultLocation(service, vault)}/archives/${record.archiveId}`,
    'x-amz-archive-id': record.archiveId,
    'x-amz-sha256-tree-hash': record.treeHash,
  });
}

/** The parts have to cover the archive from its first byte, and only the last may be short. */
function partsProblem(parts: readonly Part[], partSize: number): Rejection | null {
  if (parts.length === 0) return rejections.invalid('The multipart upload has no parts.');
  for (const [index, part] of parts.entries()) {
    const expected = index * partSize;
    if (part.first !== expected) return rejections.invalid(`Missing byte range: ${expected}-${part.first - 1}`);
    if (rangeLength(part) < partSize && index < parts.length - 1) {
      return rejections.invalid(
        `The part ${part.first}-${part.last} is smaller than the part size of ${partSize} bytes.`,
      );
    }
  }
  return null;
}

function archiveProblem(parts: readonly Part[], asked: { size: number; treeHash: string }): Rejection | null {
  const size = (parts.at(-1)?.last ?? -1) + 1;
  if (asked.size !== size)
    return rejections.parameter('x-amz-archive-size', `${asked.size}. The parts have ${size} bytes.`);
  const computed = treeHashOfParts(parts.map(({ treeHash }) => treeHash));
  return asked.treeHash === computed ? null : rejections.completeTreeHash(asked.treeHash);
}

function repetitionProblem({ record }: Archive, asked: { size: number; treeHash: string }): Rejection | null {
  if (asked.size !== record.size) return rejections.parameter('x-amz-archive-size', String(asked.size));
  return asked.treeHash === record.treeHash ? null : rejections.completeTreeHash(asked.treeHash);
}
