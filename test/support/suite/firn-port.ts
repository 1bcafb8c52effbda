import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Failure } from '../../../shared/failure.ts';
import { type Result, fail, ok } from '../../../shared/result.ts';
import type { ArchiveId, MultipartUploadId, TreeHash } from '../../../shared/upload.ts';
import type { CompletionRefused, MultipartMissing, SourceFile } from '../../../main/core/ports.ts';
import { fixedCredentials } from '../../../main/aws/credentials/credentials.ts';
import { type GlacierBench, never, sourceAt } from '../glacier-bench.ts';
import { whyOf } from './refusals.ts';
import type { GlacierPort, Place, Refused, Seen, Upload } from './port.ts';

const quiet = { signal: never, onSent: () => undefined };

/** Firn's own client. */
export function firnPort(bench: GlacierBench, { url, now, credentials }: Place): GlacierPort {
  const { accessKeyId, secretAccessKey, sessionToken = null } = credentials;
  const keys = fixedCredentials({ accessKeyId, secretAccessKey, sessionToken });
  const glacier = bench.open(url, { clock: now, credentials: keys });
  return {
    createVault: (vault) => seen(glacier.createVault(vault, never)),
    describeVault: (vault) => seen(glacier.describeVault(vault, never)),
    listVaults: () => seen(glacier.listVaults(never)),
    deleteVault: (vault) => seen(glacier.deleteVault(vault, never)),

    initiate: (vault, partSize, description) => seen(glacier.initiate({ vault, description, partSize }, never)),
    async uploadPart(upload, first, bytes) {
      const source = await fileWith(join(bench.folder, `part-${first}`), first, bytes);
      const range = { first, last: first + bytes.length - 1 };
      return seen(glacier.uploadPart({ ...own(upload), source, range }, quiet));
    },
    listParts: (upload) => seen(glacier.listParts(own(upload), never)),
    listUploads: (vault) => seen(glacier.listMultipartUploads(vault, never)),
    complete: (upload, size, treeHash) =>
      seen(glacier.complete({ ...own(upload), size, treeHash: treeHash as TreeHash }, never), (it) => it.archiveId),
    abort: (upload) => seen(glacier.abort(own(upload), never)),

    async uploadArchive(vault, description, bytes) {
      const source = await bench.file('archive', bytes);
      return seen(glacier.uploadArchive({ vault, description, source }, quiet), ({ archiveId, treeHash }) => ({
        archiveId,
        treeHash,
      }));
    },
    deleteArchive: (vault, archiveId) =>
      seen(glacier.deleteArchive({ vault, archiveId: archiveId as ArchiveId }, never)),

    requestArchive: (vault, { archiveId, ...wanted }) =>
      seen(
        glacier.requestArchive({ vault, archiveId: archiveId as ArchiveId, ...wanted }, never),
        ({ jobId }) => jobId,
      ),
    requestInventory: (vault, wanted) =>
      seen(glacier.requestInventoryJob({ vault, ...wanted }, never), ({ jobId }) => jobId),
    describeJob: (vault, jobId) => seen(glacier.describeJob(vault, jobId, never)),
    listJobs: (vault, filter) => seen(glacier.listJobs(vault, filter, never)),
    async output(vault, jobId, range) {
      const chunks: Buffer[] = [];
      const write = (bytes: Uint8Array) => void chunks.push(Buffer.from(bytes));
      const request = { vault, jobId, ...(range && { range }) };
      const output = await glacier.jobOutput(request, { write, signal: never });
      return seen(Promise.resolve(output), ({ treeHash, confirmed, contentType, description }) => {
        return { bytes: Buffer.concat(chunks), treeHash: confirmed ? treeHash : null, contentType, description };
      });
    },
    inventory: (vault, jobId) =>
      seen(glacier.inventory(vault, jobId, never), ({ inventoryAt, archives }) => ({ inventoryAt, archives })),

    getRetrievalPolicy: () => seen(glacier.getRetrievalPolicy(never)),
    setRetrievalPolicy: (policy) => seen(glacier.setRetrievalPolicy(policy, never)),
  };
}

function own({ vault, uploadId }: Upload): { vault: string; multipartUploadId: MultipartUploadId } {
  return { vault, multipartUploadId: uploadId as MultipartUploadId };
}

/** A sparse file that has these bytes at this place, and ends with them. */
async function fileWith(path: string, first: number, bytes: Buffer): Promise<SourceFile> {
  const file = await open(path, 'w');
  await file.write(bytes, 0, bytes.length, first);
  await file.close();
  return sourceAt(path);
}

type AnyFailure = Failure | MultipartMissing | CompletionRefused;

async function seen<T>(asked: Promise<Result<T, AnyFailure>>): Seen<T>;
async function seen<T, U>(asked: Promise<Result<T, AnyFailure>>, pick: (value: T) => U): Seen<U>;
async function seen<T, U>(asked: Promise<Result<T, AnyFailure>>, pick?: (value: T) => U): Seen<T | U> {
  const result = await asked;
  if (!result.ok) return fail(refused(result.failure));
  return ok(pick ? pick(result.value) : result.value);
}

function refused(failure: AnyFailure): Refused {
  switch (failure.kind) {
    case 'vault-missing':
    case 'credentials-rejected':
    case 'credentials-expired':
    case 'clock-wrong':
    case 'closed-account':
      return { why: failure.kind, message: '' };
    case 'multipart-missing':
    case 'not-found':
      return { why: 'not-found', message: '' };
    // Refused before anything was sent.
    case 'invalid-input':
    case 'file-empty':
      return { why: 'invalid', message: '' };
    case 'completion-refused':
    case 'archive-elsewhere':
      return { why: 'invalid', message: failure.message };
    case 'access-denied':
      return { why: 'access-denied', message: failure.message };
    case 'retrieval-policy':
      return { why: 'policy-enforced', message: failure.message };
    case 'rejected':
      return { why: whyOf(failure.code, failure.message), message: failure.message };
    default:
      return { why: 'other', message: JSON.stringify(failure) };
  }
}
