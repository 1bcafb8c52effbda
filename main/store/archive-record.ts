import { z } from 'zod';
import type { AccountId, CredentialSource } from '../../shared/account.ts';
import type { ToldBy } from '../../shared/archive.ts';
import type { ArchiveId, TreeHash, UploadId } from '../../shared/upload.ts';
import { isoTime } from '../../shared/clamped-time.ts';

/** What happened to an archive at Glacier, with all that the catalogue knows of it. One line of the journal. */
export type ArchiveRecord = {
  /** Milliseconds since 1970. */
  at: number;
  event: 'stored' | 'deleted';
  vault: string;
  path: string | null;
  /** Bytes. */
  size: number;
  /** When the file was changed last, in nanoseconds since 1970. */
  modifiedNs: string | null;
  archiveId: ArchiveId;
  treeHash: TreeHash;
  location: string;
  description: string;
  region: string;
  account: RecordedAccount;
  /** The upload that has become this archive; null when none did, or nobody knows any more. */
  uploadId: UploadId | null;
  /** Null in lines that do not say it. */
  toldBy: ToldBy | null;
};

/** Enough to have the account again, but for its secrets. Name and source are null when it had been removed already. */
export type RecordedAccount = {
  id: AccountId;
  name: string | null;
  source: CredentialSource | null;
  endpointUrl: string | null;
};

const usable = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('practice') }),
  z.object({ kind: z.literal('keys'), accessKeyId: z.string(), kept: z.enum(['encrypted', 'session']) }),
  z.object({ kind: z.literal('profile'), profile: z.string() }),
  z.object({ kind: z.literal('environment') }),
]);
const source = z.union([
  usable,
  z.object({ kind: z.literal('imported'), source: usable, endpointUrl: z.string().nullable() }),
]);

const line = z.object({
  at: z.iso.datetime().transform((time) => Date.parse(time)),
  event: z.enum(['stored', 'deleted']),
  vault: z.string(),
  path: z.string().nullable(),
  size: z.int().min(0),
  modifiedNs: z
    .string()
    .regex(/^-?\d{1,25}$/)
    .nullable(),
  archiveId: z
    .string()
    .min(1)
    .transform((id) => id as ArchiveId),
  treeHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .transform((hash) => hash as TreeHash),
  location: z.string(),
  description: z.string(),
  region: z.string(),
  account: z.object({
    id: z
      .string()
      .min(1)
      .transform((id) => id as AccountId),
    name: z.string().nullable(),
    source: source.nullable().catch(null),
    endpointUrl: z.string().nullable(),
  }),
  uploadId: z
    .string()
    .transform((id) => id as UploadId)
    .nullable(),
  toldBy: z.enum(['upload', 'import', 'inventory']).nullable().catch(null).default(null),
});

/** Without the line's end. Times are written for people, too. @throws when a field is not what its type says. */
export function writeRecord(record: ArchiveRecord): string {
  const { at, event, vault, path, size, modifiedNs, archiveId, treeHash, location, description, region, account } =
    record;
  return JSON.stringify({
    at: isoTime(at),
    event,
    vault,
    path,
    size,
    modifiedAt: modifiedNs === null ? null : isoTime(Number(BigInt(modifiedNs) / 1_000_000n)),
    modifiedNs,
    archiveId,
    treeHash,
    location,
    description,
    region,
    account: { id: account.id, name: account.name, source: account.source, endpointUrl: account.endpointUrl },
    uploadId: record.uploadId,
    toldBy: record.toldBy,
  });
}

/** Null for a line that is torn, or says something that this Firn does not understand. */
export function readRecord(text: string): ArchiveRecord | null {
  try {
    const parsed = line.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
