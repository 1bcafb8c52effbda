import type { Failure } from '../../shared/failure.ts';
import type { Result } from '../../shared/result.ts';
import type { ArchiveId, MultipartUploadId, TreeHash } from '../../shared/upload.ts';
import type { Service } from '../places/destinations.ts';
import type { SourceFile } from '../core/ports.ts';

/** What the permissions serve; without those for uploading Firn cannot do its main job. */
export type Purpose = 'uploading' | 'the inventory' | 'retrieving' | 'deleting';

export type Probe = {
  /** The IAM action, without `glacier:`. */
  action: string;
  purpose: Purpose;
  /**
   * A call that changes nothing, because what it names does not exist: allowed, it answers that the thing is not there;
   * forbidden, it answers so first.
   */
  ask: (
    service: Service,
    vault: string,
    file: SourceFile,
    signal: AbortSignal,
  ) => Promise<Result<unknown, { kind: string }>>;
};

// Well-formed, and nobody's.
const nobodysUpload = 'A'.repeat(92) as MultipartUploadId;
const nobodysArchive = 'A'.repeat(138) as ArchiveId;
const nobodysJob = 'A'.repeat(92);
const nothing = '0'.repeat(64) as TreeHash;
/** Not a power of two, so that the request is refused for that, if it is allowed at all. */
const NO_PART_SIZE = 3;

export const probes: readonly Probe[] = [
  { action: 'ListVaults', purpose: 'uploading', ask: (service, _vault, _file, signal) => service.listVaults(signal) },
  {
    action: 'DescribeVault',
    purpose: 'uploading',
    ask: (service, vault, _file, signal) => service.describeVault(vault, signal),
  },
  {
    action: 'InitiateMultipartUpload',
    purpose: 'uploading',
    ask: (service, vault, _file, signal) =>
      service.initiate({ vault, description: '', partSize: NO_PART_SIZE }, signal),
  },
  {
    action: 'UploadMultipartPart',
    purpose: 'uploading',
    ask: (service, vault, source, signal) =>
      service.uploadPart(
        { vault, multipartUploadId: nobodysUpload, source, range: { first: 0, last: 0 } },
        { signal, onSent: () => undefined },
      ),
  },
  {
    action: 'ListParts',
    purpose: 'uploading',
    ask: (service, vault, _file, signal) => service.listParts({ vault, multipartUploadId: nobodysUpload }, signal),
  },
  {
    action: 'ListMultipartUploads',
    purpose: 'uploading',
    ask: (service, vault, _file, signal) => service.listMultipartUploads(vault, signal),
  },
  {
    action: 'CompleteMultipartUpload',
    purpose: 'uploading',
    ask: (service, vault, _file, signal) =>
      service.complete({ vault, multipartUploadId: nobodysUpload, size: 1, treeHash: nothing }, signal),
  },
  {
    action: 'AbortMultipartUpload',
    purpose: 'uploading',
    ask: (service, vault, _file, signal) => service.abort({ vault, multipartUploadId: nobodysUpload }, signal),
  },
  {
    action: 'ListJobs',
    purpose: 'the inventory',
    ask: (service, vault, _file, signal) => service.listJobs(vault, {}, signal),
  },
  {
    action: 'DescribeJob',
    purpose: 'the inventory',
    ask: (service, vault, _file, signal) => service.describeJob(vault, nobodysJob, signal),
  },
  {
    action: 'GetJobOutput',
    purpose: 'the inventory',
    ask: (service, vault, _file, signal) => service.inventory(vault, nobodysJob, signal),
  },
  {
    action: 'InitiateJob',
    purpose: 'retrieving',
    ask: (service, vault, _file, signal) =>
      service.requestArchive({ vault, archiveId: nobodysArchive, tier: 'Bulk' }, signal),
  },
  {
    action: 'GetDataRetrievalPolicy',
    purpose: 'retrieving',
    ask: (service, _vault, _file, signal) => service.getRetrievalPolicy(signal),
  },
  {
    action: 'DeleteArchive',
    purpose: 'deleting',
    ask: (service, vault, _file, signal) => service.deleteArchive({ vault, archiveId: nobodysArchive }, signal),
  },
];

/** Needed too, but every call that would show it changes something. */
export const unprobed: readonly { action: string; purpose: Purpose }[] = [
  { action: 'CreateVault', purpose: 'uploading' },
  { action: 'SetDataRetrievalPolicy', purpose: 'retrieving' },
  { action: 'DeleteVault', purpose: 'deleting' },
];

/** Answers that only somebody who is allowed gets. */
const allowedKinds: ReadonlySet<string> = new Set([
  'not-found',
  'vault-missing',
  'multipart-missing',
  'completion-refused',
  'rejected',
  'invalid-input',
]);

/** Null when the answer says nothing about permission; then `failure` is why. */
export function isAllowed(answer: Result<unknown, { kind: string }>): {
  allowed: boolean | null;
  failure: Failure | null;
} {
  if (answer.ok || allowedKinds.has(answer.failure.kind)) return { allowed: true, failure: null };
  const failure = answer.failure as Failure;
  return { allowed: failure.kind === 'access-denied' ? false : null, failure };
}
