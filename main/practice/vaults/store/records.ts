import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { TreeHash } from '../../../../shared/upload.ts';
import { writeDurably } from '../../durable.ts';

/** The files that hold the state, one JSON object each. Times in milliseconds since 1970, sizes in bytes. */
const time = z.number();
const treeHash = z.string().transform((hash) => hash as TreeHash);
const range = z.object({ first: z.int(), last: z.int() });

const lock = z.object({
  lockId: z.string(),
  policy: z.string(),
  state: z.enum(['InProgress', 'Locked']),
  createdAt: time,
});

const schemas = {
  'account.json': z.object({
    retrievalRule: z.object({
      strategy: z.enum(['BytesPerHour', 'FreeTier', 'None']),
      bytesPerHour: z.number().nullable(),
    }),
    capacity: z.array(z.object({ capacityId: z.string(), startsAt: time, endsAt: time })),
  }),
  'vault.json': z.object({
    name: z.string(),
    createdAt: time,
    tags: z.record(z.string(), z.string()),
    notifications: z.object({ topic: z.string().nullable(), events: z.array(z.string()) }).nullable(),
    accessPolicy: z.string().nullable(),
    lock: lock.nullable(),
    /** The last change to an archive of which nothing else is left. */
    forgottenChangeAt: time.nullable(),
  }),
  'upload.json': z.object({
    multipartUploadId: z.string(),
    description: z.string().nullable(),
    partSize: z.int(),
    createdAt: time,
    abortedAt: time.nullable(),
  }),
  'archive.json': z.object({
    archiveId: z.string(),
    /** Null when the archive came in a single request. */
    multipartUploadId: z.string().nullable(),
    description: z.string().nullable(),
    size: z.int(),
    treeHash,
    createdAt: time,
    deletedAt: time.nullable(),
  }),
  'job.json': z.object({
    jobId: z.string(),
    createdAt: time,
    completesAt: time,
    description: z.string().nullable(),
    snsTopic: z.string().nullable(),
    work: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('inventory'),
        format: z.enum(['JSON', 'CSV']),
        /** As they were asked for. */
        startDate: z.string().nullable(),
        endDate: z.string().nullable(),
        limit: z.string().nullable(),
        marker: z.string().nullable(),
        /** Where the next job goes on; null when this one reaches the end. */
        nextMarker: z.string().nullable(),
        /** Of the output, which lies beside this file. */
        size: z.int(),
      }),
      z.object({
        kind: z.literal('archive'),
        archiveId: z.string(),
        archiveSize: z.int(),
        archiveTreeHash: treeHash,
        range,
        /** Null when the range is no node of the archive's tree. */
        rangeTreeHash: treeHash.nullable(),
        tier: z.enum(['Expedited', 'Standard', 'Bulk']),
      }),
    ]),
  }),
};

export type RecordName = keyof typeof schemas;
export type RecordOf<N extends RecordName> = z.output<(typeof schemas)[N]>;

export type AccountRecord = RecordOf<'account.json'>;
export type VaultRecord = RecordOf<'vault.json'>;
export type UploadRecord = RecordOf<'upload.json'>;
export type ArchiveRecord = RecordOf<'archive.json'>;
export type JobRecord = RecordOf<'job.json'>;
export type Tier = Extract<JobRecord['work'], { kind: 'archive' }>['tier'];

/** The record of a folder; null when the folder has none. Throws when somebody else wrote it. */
export async function readRecord<N extends RecordName>(folder: string, name: N): Promise<RecordOf<N> | null> {
  const path = join(folder, name);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const parsed = schemas[name].safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new Error(`${path} is not a record of the practice vault: ${z.prettifyError(parsed.error)}`);
  return parsed.data as RecordOf<N>;
}

export async function writeRecord<N extends RecordName>(folder: string, name: N, record: RecordOf<N>): Promise<void> {
  await writeDurably(join(folder, name), `${JSON.stringify(record, null, 2)}\n`);
}
