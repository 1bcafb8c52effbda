import { type ByteRange, rangeLength } from '../../../../shared/part-plan.ts';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import { assertNever } from '../../../../shared/assert.ts';
import type { TreeHash } from '../../../../shared/upload.ts';
import { LEAF_SIZE } from '../tree-hash.ts';
import { type Service, vaultArn } from '../protocol/call.ts';
import { type Rejection, rejections } from '../protocol/rejections.ts';
import type { PracticeRules } from '../../rules.ts';
import { findArchive, isInOtherVault, piecesOf } from '../store/archives.ts';
import { addArchiveJob } from '../store/jobs.ts';
import type { Tier } from '../store/records.ts';
import type { Archive, Job, Vault } from '../store/store.ts';
import { isTreeHashAligned, treeHashOfRange } from '../tree-range.ts';
import type { JobNote, JobRequest } from './job-request.ts';
import { retrievalPolicyProblem } from './retrieval-policy.ts';

export async function startArchiveJob(
  service: Service,
  vault: Vault,
  request: JobRequest,
  note: JobNote,
): Promise<Result<Job, Rejection>> {
  if (request.Format || request.InventoryRetrievalParameters) return fail(rejections.onlyForInventory());
  const archive = readArchive(service, vault, request.ArchiveId ?? '');
  if (!archive.ok) return archive;
  const { archiveId, size: archiveSize, treeHash: archiveTreeHash } = archive.value.record;
  const range = readRetrievalRange(request.RetrievalByteRange ?? null, archiveSize);
  if (!range.ok) return range;
  const tier = readTier(request.Tier ?? 'Standard');
  if (!tier.ok) return tier;
  const rangeTreeHash = await hashOfRange(archive.value, range.value);
  const work = {
    kind: 'archive',
    archiveId,
    archiveSize,
    archiveTreeHash,
    range: range.value,
    rangeTreeHash,
    tier: tier.value,
  } as const;

  const { store, rules, clock } = service;
  return store.turns.run(async () => {
    const now = clock();
    const refusal = tier.value === 'Standard' ? retrievalPolicyProblem(service, rangeLength(range.value), now) : null;
    if (refusal) return fail(refusal);
    const times = { createdAt: now, completesAt: now + duration(tier.value, rules) };
    return ok(await addArchiveJob(store, vault, { ...note, ...times, work }));
  });
}

function readArchive(service: Service, vault: Vault, archiveId: string): Result<Archive, Rejection> {
  if (archiveId === '') return fail(rejections.parameterMissing('ArchiveId'));
  if (isInOtherVault(service.store, vault, archiveId)) {
    return fail(rejections.archiveOfOtherVault(vaultArn(service, vault.record.name)));
  }
  const archive = findArchive(vault, archiveId);
  return archive ? ok(archive) : fail(rejections.archiveMissing(archiveId));
}

/** Documented: `first-last`, both at a MiB's border, or `last` at the archive's end. */
function readRetrievalRange(text: string | null, size: number): Result<ByteRange, Rejection> {
  if (text === null) return ok({ first: 0, last: size - 1 });
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text);
  const range = { first: Number(match?.[1]), last: Number(match?.[2]) };
  const end = range.last + 1;
  const valid =
    match &&
    range.first <= range.last &&
    end <= size &&
    range.first % LEAF_SIZE === 0 &&
    (end === size || end % LEAF_SIZE === 0);
  return valid ? ok(range) : fail(rejections.parameter('RetrievalByteRange', text));
}

function readTier(text: string): Result<Tier, Rejection> {
  return text === 'Expedited' || text === 'Standard' || text === 'Bulk'
    ? ok(text)
    : fail(rejections.parameter('Tier', text));
}

/** Null when the range is no node of the archive's tree, as the real service gives none either. */
async function hashOfRange(archive: Archive, range: ByteRange): Promise<TreeHash | null> {
  const { size, treeHash } = archive.record;
  if (rangeLength(range) === size) return treeHash;
  return isTreeHashAligned(range, size) ? treeHashOfRange(await piecesOf(archive), range) : null;
}

function duration(tier: Tier, rules: PracticeRules): number {
  switch (tier) {
    case 'Expedited':
      return rules.expeditedJobMs;
    case 'Standard':
      return rules.standardJobMs;
    case 'Bulk':
      return rules.bulkJobMs;
    default:
      return assertNever(tier);
  }
}
