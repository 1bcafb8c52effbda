import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import * as sdk from '@aws-sdk/client-s3';
import type { CompletionRefused, MultipartMissing, SourceFile } from '../../../main/core/ports.ts';
import { identityChange } from '../../../main/core/source-identity.ts';
import type { PlacePorts } from '../../../main/places/ports/place-ports.ts';
import type { UploadRequest } from '../../../main/places/ports/upload-target.ts';
import { readName } from '../../../main/s3/object-name.ts';
import { archiveIdOf, objectOf, sessionOf, uploadIdOf, versionIn } from '../../../main/s3/refs.ts';
import type { Checksum, Piece } from '../../../shared/checksum.ts';
import type { Failure } from '../../../shared/failure.ts';
import type { ByteRange } from '../../../shared/part-plan.ts';
import type { StorageClass } from '../../../shared/place.ts';
import { type Result, fail, ok } from '../../../shared/result.ts';
import { sourceAt } from '../glacier-bench.ts';

type Options = { client: sdk.S3Client; bucket: string; storageClass: StorageClass; now: () => number; own: PlacePorts };
type Lost = MultipartMissing | CompletionRefused;

/**
 * A bucket through Amazon's own client: what takes archives in, lists and deletes them. Names, checksums and the way back are those
 * of Firn's adapter, so that each must understand what the other has stored.
 */
export function sdkBucket({ client, bucket: Bucket, storageClass, now, own }: Options): PlacePorts {
  const keyOf = ({ name }: UploadRequest): string => readName(name).key;
  const at = (upload: Parameters<typeof sessionOf>[0]) => {
    const { key: Key, uploadId: UploadId } = sessionOf(upload);
    return { Bucket, Key, UploadId };
  };
  const stored = (Key: string, answer: { ETag?: string | undefined; VersionId?: string | undefined }) => ({
    archiveId: archiveIdOf({ key: Key, etag: untagged(answer.ETag), versionId: versionIn(answer.VersionId) }),
    location: `/-/${Bucket}/${Key}`,
    storedAt: now(),
  });

  const listParts = (upload: Parameters<typeof sessionOf>[0], { partSize }: UploadRequest) =>
    seen<Piece[], MultipartMissing>(async () => {
      const { Parts = [] } = await client.send(new sdk.ListPartsCommand(at(upload)));
      return Parts.map(({ PartNumber = 0, Size = 0, ETag, ChecksumSHA256 }): Piece => {
        const first = (PartNumber - 1) * partSize;
        const checksum = fromBase64(ChecksumSHA256);
        return { first, last: first + Size - 1, checksum, receipt: untagged(ETag) };
      });
    });

  return {
    ...own,
    target: {
      rules: own.target.rules,
      now,
      begin: (request) =>
        seen<ReturnType<typeof uploadIdOf>, never>(async () => {
          const Key = keyOf(request);
          const create = { Bucket, Key, StorageClass: storageClass, ChecksumAlgorithm: 'SHA256' as const };
          const { UploadId = '' } = await client.send(new sdk.CreateMultipartUploadCommand(create));
          return uploadIdOf({ key: Key, uploadId: UploadId });
        }),
      findOrphans: ({ request, since, isKnown }) =>
        seen(async () => {
          const { Uploads = [] } = await client.send(
            new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: keyOf(request) }),
          );
          const orphans = [];
          for (const { Key = '', UploadId = '', Initiated } of Uploads) {
            const upload = uploadIdOf({ key: Key, uploadId: UploadId });
            if (Key !== keyOf(request) || Number(Initiated) < since - 300_000 || isKnown(upload)) continue;
            const parts = await listParts(upload, request);
            if (parts.ok && parts.value.length === 0) orphans.push(upload);
          }
          return orphans;
        }),
      async sendPart({ upload, request: { partSize }, source, range }) {
        const bytes = await readFrom(source, range);
        if (!bytes.ok) return bytes;
        const ChecksumSHA256 = createHash('sha256').update(bytes.value).digest('base64');
        return seen<Piece, MultipartMissing>(async () => {
          const part = { ...at(upload), PartNumber: range.first / partSize + 1, Body: bytes.value, ChecksumSHA256 };
          const { ETag } = await client.send(new sdk.UploadPartCommand(part));
          return { ...range, checksum: fromBase64(ChecksumSHA256), receipt: untagged(ETag) };
        });
      },
      listParts,
      finish: ({ upload, request, pieces }) =>
        seen<ReturnType<typeof stored>, Lost>(async () => {
          const Parts = pieces.map(({ first, receipt, checksum }) => ({
            PartNumber: first / request.partSize + 1,
            ETag: `"${receipt}"`,
            ChecksumSHA256: toBase64(checksum),
          }));
          const complete = { ...at(upload), MultipartUpload: { Parts }, MpuObjectSize: request.size, IfNoneMatch: '*' };
          return stored(keyOf(request), await client.send(new sdk.CompleteMultipartUploadCommand(complete)));
        }),
      async sendWhole({ request, source }) {
        const bytes = await readFrom(source, { first: 0, last: request.size - 1 });
        if (!bytes.ok) return bytes;
        const ChecksumSHA256 = createHash('sha256').update(bytes.value).digest('base64');
        return seen(async () => {
          const put = { Bucket, Key: keyOf(request), Body: bytes.value, StorageClass: storageClass, ChecksumSHA256 };
          const answer = await client.send(new sdk.PutObjectCommand({ ...put, IfNoneMatch: '*' }));
          return { ...stored(keyOf(request), answer), checksum: fromBase64(ChecksumSHA256) };
        });
      },
      async abort(upload) {
        const answer = await seen<null, MultipartMissing>(() =>
          done(client.send(new sdk.AbortMultipartUploadCommand(at(upload)))),
        );
        return !answer.ok && answer.failure.kind === 'multipart-missing' ? ok(null) : (answer as Result<null>);
      },
      settle: (lost, signal) => own.target.settle(lost, signal),
    },
    census: {
      ...own.census,
      page: (job, cursor) =>
        seen(async () => {
          const next = cursor === null ? {} : { ContinuationToken: cursor };
          const page = await client.send(new sdk.ListObjectsV2Command({ Bucket, ...next }));
          const entries = (page.Contents ?? []).map(({ Key = '', ETag, Size = 0, LastModified, StorageClass }) => ({
            archiveId: archiveIdOf({ key: Key, etag: untagged(ETag), versionId: null }),
            name: Key,
            size: Size,
            createdAt: Number(LastModified),
            checksum: null,
            storageClass: StorageClass as StorageClass,
          }));
          const asOf = /^\d+$/.test(job) ? Number(job) : now();
          return { entries, unreadable: [], next: page.NextContinuationToken ?? null, asOf, location: `/-/${Bucket}/` };
        }),
    },
    remover: {
      ...own.remover,
      remove: (archives) =>
        seen(async () => {
          const known = archives.flatMap((archiveId) => objectOf(archiveId) ?? []);
          const Objects = known.map(({ key: Key, etag }) => ({ Key, ETag: `"${etag}"` }));
          const { Errors = [] } = await client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
          if (Errors.length > 0) throw new Error(JSON.stringify(Errors));
          return archives.map((archiveId) => ({ archiveId, result: ok(null) }));
        }),
    },
  };
}

async function done(work: Promise<unknown>): Promise<null> {
  await work;
  return null;
}

async function seen<T, F>(work: () => Promise<T>): Promise<Result<T, Failure | F>> {
  try {
    return ok(await work());
  } catch (error) {
    if (!(error instanceof sdk.S3ServiceException)) throw error;
    return fail(failureOf(error) as Failure | F);
  }
}

function failureOf({ name, message }: sdk.S3ServiceException): Failure | Lost {
  switch (name) {
    case 'NoSuchUpload':
      return { kind: 'multipart-missing' };
    case 'NoSuchBucket':
      return { kind: 'vault-missing', vault: 'lena-photos', isBucket: true };
    case 'InvalidPart':
    case 'InvalidRequest':
      return { kind: 'completion-refused', message };
    default:
      return { kind: 'rejected', status: 0, code: name, message, requestId: null };
  }
}

async function readFrom(source: SourceFile, { first, last }: ByteRange): Promise<Result<Buffer>> {
  const { identity } = await sourceAt(source.path);
  const what = identityChange(source.identity, identity);
  if (what !== null) return fail({ kind: 'file-changed', path: source.path, what });
  const file = await open(source.path);
  const bytes = Buffer.alloc(last - first + 1);
  await file.read(bytes, 0, bytes.length, first);
  await file.close();
  return ok(bytes);
}

function untagged(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}

function fromBase64(text = ''): Checksum {
  return `sha256:${Buffer.from(text, 'base64').toString('hex')}`;
}

function toBase64(checksum: Checksum): string {
  return Buffer.from(checksum.replace(/^sha256:/, ''), 'hex').toString('base64');
}
