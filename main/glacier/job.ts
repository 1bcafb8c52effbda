import { z } from 'zod';
import { TIERS } from '../../shared/tier.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import type { Job } from '../places/ports/archive-service.ts';
import { nextOf } from './paging.ts';
import { id, list, optional, range, text, time, treeHash } from './fields.ts';

const statuses = { InProgress: 'in-progress', Succeeded: 'succeeded', Failed: 'failed' } as const;

const answer = z.object({
  JobId: id,
  Action: text,
  JobDescription: text,
  CreationDate: time,
  CompletionDate: optional(time),
  StatusCode: z.enum(['InProgress', 'Succeeded', 'Failed']),
  StatusMessage: text,
  SNSTopic: optional(z.string()),
  ArchiveId: text,
  ArchiveSizeInBytes: optional(z.number()),
  ArchiveSHA256TreeHash: optional(treeHash),
  RetrievalByteRange: optional(range),
  SHA256TreeHash: optional(treeHash),
  Tier: optional(z.enum(TIERS)),
  InventorySizeInBytes: optional(z.number()),
  InventoryRetrievalParameters: optional(
    z.object({
      Format: text,
      Marker: optional(z.string()),
      StartDate: optional(z.string()),
      EndDate: optional(z.string()),
      Limit: optional(z.union([z.string(), z.number()])),
    }),
  ),
});

export const job = answer.transform((described): Job => ({
  jobId: described.JobId,
  description: described.JobDescription,
  createdAt: described.CreationDate,
  completedAt: described.CompletionDate,
  status: statuses[described.StatusCode],
  message: described.StatusMessage,
  snsTopic: described.SNSTopic,
  purpose: purposeOf(described),
}));

export const jobPage = z
  .object({ JobList: list(job), Marker: optional(z.string()) })
  .transform((page) => ({ items: page.JobList, next: nextOf(page.Marker) }));

function purposeOf(described: z.output<typeof answer>): Job['purpose'] {
  switch (described.Action) {
    case 'ArchiveRetrieval':
      return {
        kind: 'archive',
        archiveId: described.ArchiveId as ArchiveId,
        archiveSize: described.ArchiveSizeInBytes,
        archiveTreeHash: described.ArchiveSHA256TreeHash,
        range: described.RetrievalByteRange,
        treeHash: described.SHA256TreeHash,
        tier: described.Tier,
      };
    case 'InventoryRetrieval': {
      const asked = described.InventoryRetrievalParameters;
      return {
        kind: 'inventory',
        format: asked === null || asked.Format === '' ? 'JSON' : asked.Format,
        size: described.InventorySizeInBytes,
        isWhole: [asked?.StartDate, asked?.EndDate, asked?.Limit, asked?.Marker].every(
          (value) => (value ?? null) === null,
        ),
        marker: asked?.Marker ?? null,
      };
    }
    default:
      return { kind: 'other', action: described.Action };
  }
}
