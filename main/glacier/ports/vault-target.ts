import { treeChecksum } from '../../../shared/checksum.ts';
import type { Failure } from '../../../shared/failure.ts';
import { MAX_PARTS, PART_SIZES } from '../../../shared/part-plan.ts';
import { type Result, fail, ok } from '../../../shared/result.ts';
import { DAY, MINUTE } from '../../../shared/units.ts';
import type { MultipartUploadId } from '../../../shared/upload.ts';
import type { MultipartMissing } from '../../core/ports.ts';
import type { Stored, UploadRules, UploadTarget } from '../../places/ports/upload-target.ts';
import { LARGEST_IN_ONE_REQUEST, uploadArchive } from '../archives.ts';
import type { Client } from '../client.ts';
import { type StoredArchive, complete } from '../complete.ts';
import { abort, initiate, listMultipartUploads } from '../multipart.ts';
import { listParts, uploadPart } from '../parts.ts';
import { describeVault } from '../vaults.ts';
import { treeHashOf } from './vault-checksums.ts';
import type { VaultTimes } from './vault-times.ts';

/** Glacier's limits (API reference, "Quick facts"); it removes a multipart upload a day after its last part. */
const rules: UploadRules = {
  partSizes: PART_SIZES,
  mostParts: MAX_PARTS,
  wholeUpTo: LARGEST_IN_ONE_REQUEST,
  sessionLifeMs: 1 * DAY,
  storageClasses: [],
};

/** Two clocks that are no further apart than this are taken for one; Glacier signs within the same window. */
const CLOCK_TOLERANCE_MS = 5 * MINUTE;

type Lost = Failure | MultipartMissing;

export function vaultTarget(client: Client, vault: string, { inventoryLagMs }: VaultTimes): UploadTarget {
  const stored = (archive: StoredArchive): Stored => ({ ...archive, storedAt: client.now() });

  /** A multipart upload goes with its vault, and the answer does not always say so. */
  const withVault = async <T, F extends { kind: string }>(
    answer: Result<T, F>,
    signal: AbortSignal,
  ): Promise<Result<T, F | Failure>> => {
    if (answer.ok || answer.failure.kind !== 'multipart-missing') return answer;
    const found = await describeVault(client, vault, signal);
    return found.ok ? answer : found;
  };

  const partsOf = async (multipartUploadId: MultipartUploadId, signal: AbortSignal) => {
    const listed = await listParts(client, { vault, multipartUploadId }, signal);
    if (!listed.ok) return listed;
    return ok(
      listed.value.parts.map(({ treeHash, ...range }) => ({
        ...range,
        checksum: treeChecksum(treeHash),
        receipt: '',
      })),
    );
  };

  return {
    rules,
    now: () => client.now(),

    begin: ({ name: description, partSize }, signal) => initiate(client, { vault, description, partSize }, signal),

    async findOrphans({ request: { name, partSize }, since, isKnown }, signal) {
      const open = await listMultipartUploads(client, vault, signal);
      if (!open.ok) return open;
      const orphans: MultipartUploadId[] = [];
      for (const { multipartUploadId, ...found } of open.value) {
        const isLike = found.description === name && found.partSize === partSize;
        if (!isLike || found.createdAt < since - CLOCK_TOLERANCE_MS || isKnown(multipartUploadId)) continue;
        const parts = await partsOf(multipartUploadId, signal);
        if (parts.ok && parts.value.length === 0) orphans.push(multipartUploadId);
        else if (!parts.ok && parts.failure.kind !== 'multipart-missing') return fail(parts.failure);
      }
      return ok(orphans);
    },

    async sendPart({ upload: multipartUploadId, source, range }, options) {
      const sent = await uploadPart(client, { vault, multipartUploadId, source, range }, options);
      if (!sent.ok) return withVault<never, Lost>(sent, options.signal);
      return ok({ ...range, checksum: treeChecksum(sent.value), receipt: '' });
    },

    listParts: async (upload, _request, signal) => withVault(await partsOf(upload, signal), signal),

    async finish({ upload: multipartUploadId, request: { size }, checksum }, signal) {
      const whole = { vault, multipartUploadId, size, treeHash: treeHashOf(checksum) };
      const answer = await complete(client, whole, signal);
      return answer.ok ? ok(stored(answer.value)) : withVault(answer, signal);
    },

    async sendWhole({ request: { name: description }, source }, options) {
      const answer = await uploadArchive(client, { vault, description, source }, options);
      if (!answer.ok) return answer;
      const { treeHash, ...archive } = answer.value;
      return ok({ ...stored(archive), checksum: treeChecksum(treeHash) });
    },

    async abort(multipartUploadId, _request, signal) {
      const answer = await abort(client, { vault, multipartUploadId }, signal);
      if (answer.ok) return answer;
      const { failure } = answer;
      return failure.kind === 'multipart-missing' || failure.kind === 'vault-missing' ? ok(null) : fail(failure);
    },

    // Only inventories list archives, and each may lack what was stored up to the lag before it was asked for.
    settle: ({ since }) => Promise.resolve(ok({ kind: 'census', askedAfter: since + inventoryLagMs })),
  };
}
