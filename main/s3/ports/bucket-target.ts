import type { Checksum, Piece } from '../../../shared/checksum.ts';
import type { Failure } from '../../../shared/failure.ts';
import { type Result, fail, ok } from '../../../shared/result.ts';
import { MINUTE } from '../../../shared/units.ts';
import type { MultipartUploadId } from '../../../shared/upload.ts';
import type { Stored, UploadRequest, UploadTarget } from '../../places/ports/upload-target.ts';
import type { Client } from '../client.ts';
import { completeUpload } from '../complete.ts';
import { metadataHeaders } from '../metadata.ts';
import { abortUpload, classHeader, createUpload, listUploads } from '../multipart.ts';
import { readName } from '../object-name.ts';
import { type RemotePart, listParts, uploadPart } from '../parts.ts';
import { isConfirmed, putObject, unconfirmed } from '../put.ts';
import { archiveIdOf, uploadIdOf } from '../refs.ts';
import { isKey } from '../url-encoding.ts';
import { type BucketPlace, locationOf } from './bucket.ts';
import { findStored, tokenOf } from './find-stored.ts';
import { bucketRules } from './bucket-rules.ts';
import { settle } from './settle.ts';

/** Two clocks that are no further apart than this are taken for one. */
const CLOCK_TOLERANCE_MS = 5 * MINUTE;

/** Objects by PutObject and multipart uploads, each proven by the SHA-256 of its parts. */
export function bucketTarget(client: Client, place: BucketPlace): UploadTarget {
  const { bucket } = place;

  const stored = (key: string, state: { etag: string; versionId: string | null }): Stored => ({
    archiveId: archiveIdOf({ key, ...state }),
    location: locationOf(place, key),
    storedAt: client.now(),
  });

  const headersOf = (request: UploadRequest, partSize: number | null): Record<string, string> =>
    metadataHeaders({ name: readName(request.name), token: tokenOf(request), partSize });

  /** Where the last answer told too little: what is there now is what the upload has stored, or it has the name. */
  const look = async (request: UploadRequest, checksum: Checksum, signal: AbortSignal): Promise<Result<Stored>> => {
    const { key } = readName(request.name);
    const found = await findStored(client, { bucket, request, checksum }, signal);
    if (!found.ok) return found;
    if (found.value === null) return fail({ kind: 'answer-garbled', detail: 'it names an object that is not there' });
    const { head, isOurs } = found.value;
    return isOurs ? ok(stored(key, head)) : nameTaken(key, stored(key, head));
  };

  const partsOf = (upload: MultipartUploadId, { partSize }: UploadRequest, signal: AbortSignal) =>
    listParts(client, { bucket, upload, partSize }, signal);

  return {
    rules: bucketRules(client.provider),
    now: () => client.now(),

    // Better to know now than when all of it was sent.
    async begin(request, signal) {
      const { key } = readName(request.name);
      const found = await findStored(client, { bucket, request, checksum: null }, signal);
      if (!found.ok) return found;
      if (found.value !== null) return nameTaken(key, stored(key, found.value.head));
      const storageClass = request.storageClass ?? place.storageClass;
      return createUpload(client, { bucket, key, storageClass, headers: headersOf(request, request.partSize) }, signal);
    },

    async findOrphans({ request, since, isKnown }, signal) {
      const { key } = readName(request.name);
      const open = await listUploads(client, { bucket, prefix: key }, signal);
      if (!open.ok) return open;
      const orphans: MultipartUploadId[] = [];
      for (const { startedAt, uploadId, key: told } of open.value) {
        const upload = uploadIdOf({ key, uploadId });
        if (!isKey(told, key) || startedAt < since - CLOCK_TOLERANCE_MS || isKnown(upload)) continue;
        const parts = await partsOf(upload, request, signal);
        if (parts.ok && parts.value.length === 0) orphans.push(upload);
        else if (!parts.ok && parts.failure.kind !== 'multipart-missing') return fail(parts.failure);
      }
      return ok(orphans);
    },

    sendPart: ({ upload, request: { partSize }, source, range }, options) =>
      uploadPart(client, { bucket, upload, source, range, partSize }, options),

    async listParts(upload, request, signal, known = []) {
      const listed = await partsOf(upload, request, signal);
      return listed.ok ? ok(listed.value.flatMap((part) => withChecksum(part, known))) : listed;
    },

    async finish({ upload, request, checksum, pieces }, signal) {
      const { size, partSize } = request;
      const { key } = readName(request.name);
      const whole = { bucket, upload, size, checksum, pieces, partSize, mayReplace: false };
      const answer = await completeUpload(client, whole, signal);
      if (!answer.ok) {
        const { failure } = answer;
        // Repeated, it may meet its own object.
        if (failure.kind === 'taken') return look(request, checksum, signal);
        if (failure.kind !== 'overtaken') return fail(failure);
        // It can never succeed, and what was sent of it would be paid for.
        const ended = await abortUpload(client, { bucket, upload }, signal);
        return ended.ok ? fail({ kind: 'multipart-missing' }) : ended;
      }
      const { etag, checksum: told } = answer.value;
      if (!isConfirmed(client, told, checksum)) return unconfirmed;
      return told === null || etag === '' ? look(request, checksum, signal) : ok(stored(key, answer.value));
    },

    async sendWhole({ request, source }, options) {
      const { key } = readName(request.name);
      if (!client.provider.keepsNames) {
        const found = await findStored(client, { bucket, request, checksum: null }, options.signal);
        if (!found.ok) return found;
        if (found.value !== null) return nameTaken(key, stored(key, found.value.head));
      }
      const headers = { ...headersOf(request, null), ...classHeader(request.storageClass ?? place.storageClass) };
      const put = await putObject(client, { bucket, key, source, headers, mayReplace: false }, options);
      if (put.ok) return ok({ ...stored(key, put.value), checksum: put.value.checksum });
      if (put.failure.kind !== 'taken') return fail(put.failure);
      const found = await findStored(client, { bucket, request, checksum: null }, options.signal);
      if (!found.ok) return found;
      // Gone again meanwhile: the next attempt finds the name free.
      return found.value === null ? goneAgain : nameTaken(key, stored(key, found.value.head));
    },

    async abort(upload, _request, signal) {
      const answer = await abortUpload(client, { bucket, upload }, signal);
      if (answer.ok) return answer;
      const { failure } = answer;
      return failure.kind === 'multipart-missing' || failure.kind === 'vault-missing' ? ok(null) : fail(failure);
    },

    settle: (lost, signal) => settle(client, place, lost, signal),
  };
}

function nameTaken(name: string, { archiveId }: Stored): { ok: false; failure: Failure } {
  return fail({ kind: 'name-taken', name, object: archiveId });
}

const goneAgain = fail<Failure>({
  kind: 'service-error',
  status: 412,
  code: 'PreconditionFailed',
  message: '',
  requestId: null,
});

/** A part whose checksum nobody knows is sent again. */
function withChecksum({ checksum, ...part }: RemotePart, known: readonly Piece[]): Piece[] {
  const isSame = (piece: Piece): boolean =>
    piece.first === part.first && piece.last === part.last && piece.receipt === part.receipt;
  const own = checksum ?? known.find(isSame)?.checksum;
  return own === undefined ? [] : [{ ...part, checksum: own }];
}
