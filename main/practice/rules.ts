import { DAY, GiB, HOUR, MINUTE, SECOND } from '../../shared/units.ts';

/**
 * What the practice service decides by itself. Amazon documents the values marked "documented"; for the others the real
 * service's behaviour is unknown, and this file is the one place that says which of the plausible ones is practised.
 * Times in milliseconds.
 */
export type PracticeRules = {
  /** Observed: the real service refuses a signature that is more than five minutes off. */
  clockWindowMs: number;
  /** Documented as "a short period" for complete and abort; its length is not. Afterwards: 404. */
  completeMemoryMs: number;
  /** Documented: an upload without activity may be removed after 24 hours. Only parts count as activity here. */
  multipartIdleMs: number;
  /** Documented as about a day. An inventory is taken each time this much has passed since the vault was created. */
  inventoryLagMs: number;
  inventoryJobMs: number;
  expeditedJobMs: number;
  standardJobMs: number;
  bulkJobMs: number;
  /** Of DEEP_ARCHIVE, documented as within 12 and 48 hours; GLACIER takes as long as the jobs of vaults. */
  deepStandardMs: number;
  deepBulkMs: number;
  /** How long S3 needs to make an object of its parts; documented as up to minutes, with white space meanwhile. */
  assemblyMs: number;
  /** Documented: S3 refuses a signature that is more than 15 minutes off. */
  bucketClockWindowMs: number;
  /** Documented: the output and the ID of a job live for at least 24 hours after its completion. */
  outputLifeMs: number;
  /** Documented: a vault lock that is not completed within 24 hours vanishes. */
  lockWindowMs: number;
  /** Undocumented: how long a body may stand still before the answer is 408. */
  bodyIdleMs: number;
  /** Documented quota for one account and region. */
  maxVaults: number;
  /** What the retrieval policy "FreeTier" lets through in a day; documented as 10 GB a month. Bytes. */
  freeBytesPerDay: number;
  /** Items by which every page falls short of what was asked; the real service may do so at any time. */
  pageShortfall: number;
  /** Answers every request as for an account that Amazon closed vaults to. */
  closedAccount: boolean;
};

export const PRACTICE_RULES: PracticeRules = {
  clockWindowMs: 5 * MINUTE,
  completeMemoryMs: 10 * MINUTE,
  multipartIdleMs: 24 * HOUR,
  inventoryLagMs: 1 * DAY,
  inventoryJobMs: 4 * HOUR,
  expeditedJobMs: 3 * MINUTE,
  standardJobMs: 4 * HOUR,
  bulkJobMs: 8 * HOUR,
  deepStandardMs: 12 * HOUR,
  deepBulkMs: 48 * HOUR,
  assemblyMs: 0,
  bucketClockWindowMs: 15 * MINUTE,
  outputLifeMs: 24 * HOUR,
  lockWindowMs: 24 * HOUR,
  bodyIdleMs: 1 * MINUTE,
  maxVaults: 1000,
  freeBytesPerDay: Math.floor((10 * GiB) / 30),
  pageShortfall: 0,
  closedAccount: false,
};

/** For people who try things out: what takes hours at Amazon takes seconds. */
export const PRACTICE_RULES_FAST: PracticeRules = {
  ...PRACTICE_RULES,
  inventoryLagMs: 5 * SECOND,
  inventoryJobMs: 2 * SECOND,
  expeditedJobMs: 1 * SECOND,
  standardJobMs: 3 * SECOND,
  bulkJobMs: 6 * SECOND,
  deepStandardMs: 5 * SECOND,
  deepBulkMs: 8 * SECOND,
};

/**
 * Further choices where Amazon's documentation is silent, each made once, where it is named:
 * - Order of checks: route, credentials, clock, signature, body, account number, version header, policy and lock of the
 *   vault, vault, parameters, tree hash, state (protocol/serve.ts). A body is read to its end before it is refused, as
 *   the real service does.
 * - Texts that nobody has published: protocol/rejections.ts, below "Own words".
 * - Part 10,001 is told by its position in the archive, not by the number of parts (operations/parts.ts).
 * - A part at the same first byte replaces the older one, whatever its length (store/parts.ts).
 * - Complete repeated with another size or tree hash is refused with 400; without parts it is refused, too
 *   (operations/complete.ts). Listing the parts of a completed or aborted upload answers 404.
 * - A vault with an open multipart upload counts as recently written to (operations/vaults.ts).
 * - Deleting an archive that never was succeeds when the ID looks like one (operations/archives.ts). Retrieving a deleted
 *   archive is refused; a job that is at work on it fails; output that is there stays (store/jobs.ts).
 * - A download's Range has both ends and lies within the output, else 400 (operations/job-output.ts).
 * - The policy "BytesPerHour" counts the bytes asked for in standard retrievals of the last hour, "FreeTier" of the last
 *   day; at first the policy is "None" (operations/retrieval-policy.ts).
 * - Only statements of policies and locks that deny are heeded (protocol/authorize.ts).
 * - A missing archive description is null in listings and empty in inventories.
 * - Vault names are case-sensitive; an illegal one is refused with 400 on creation and unknown (404) elsewhere.
 *
 * Of buckets:
 * - Order of checks: credentials, clock, signature, form of the path, operation, bucket and its owner, length of the key,
 *   what the operation's head says, body, its hashes, state (buckets/protocol/admit.ts). Conditions are looked at before
 *   the body is read, and once more when the object is made.
 * - A completion repeated with the same parts gets the same answer for as long as Glacier's does; whether its conditions
 *   would still be met is not asked. A composite checksum may be told with or without its number of parts.
 * - A part that tells no checksum is refused where the upload's is made of the parts' (operations/multipart.ts).
 * - The end of a restored copy is counted from when the copy is there; when it is asked for again, from then.
 * - Of lifecycle rules only the one that aborts incomplete uploads is carried out; of encryption there are only S3's own
 *   keys; ACLs that ask for anything are refused where the bucket's owner owns everything, and else have no effect.
 * - Copying, policies and events are answered with 501.
 * - A bucket is in the service's own region, and no other account has any.
 */
