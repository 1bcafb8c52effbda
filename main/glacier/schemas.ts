import { z } from 'zod';
import type { ArchiveId, MultipartUploadId } from '../../shared/upload.ts';
import type { Vault } from '../../shared/vault.ts';
import type { InventoryArchive, OpenMultipartUpload, RemotePart } from '../core/ports.ts';
import { nextOf } from './paging.ts';
import { count, id, list, optional, range, text, time, treeHash } from './fields.ts';

/** Of each answer, in the shape that the rest of Firn knows. */
export const vault = z
  .object({
    VaultName: z.string(),
    VaultARN: text,
    CreationDate: time,
    LastInventoryDate: optional(time),
    NumberOfArchives: count,
    SizeInBytes: count,
  })
  .transform((answer): Vault => ({
    name: answer.VaultName,
    arn: answer.VaultARN,
    createdAt: answer.CreationDate,
    inventoryAt: answer.LastInventoryDate,
    archives: answer.NumberOfArchives,
    size: answer.SizeInBytes,
  }));

const part = z
  .object({ RangeInBytes: range, SHA256TreeHash: treeHash })
  .transform((answer): RemotePart => ({ ...answer.RangeInBytes, treeHash: answer.SHA256TreeHash }));

const multipartUpload = z
  .object({ MultipartUploadId: id, ArchiveDescription: text, PartSizeInBytes: z.number(), CreationDate: time })
  .transform((answer): OpenMultipartUpload => ({
    multipartUploadId: answer.MultipartUploadId as MultipartUploadId,
    description: answer.ArchiveDescription,
    partSize: answer.PartSizeInBytes,
    createdAt: answer.CreationDate,
  }));

export const inventoryArchive = z
  .object({ ArchiveId: id, ArchiveDescription: text, CreationDate: time, Size: z.number(), SHA256TreeHash: treeHash })
  .transform((answer): InventoryArchive => ({
    archiveId: answer.ArchiveId as ArchiveId,
    description: answer.ArchiveDescription,
    createdAt: answer.CreationDate,
    size: answer.Size,
    treeHash: answer.SHA256TreeHash,
  }));

const marker = optional(z.string());

export const vaultPage = z
  .object({ VaultList: list(vault), Marker: marker })
  .transform((answer) => ({ items: answer.VaultList, next: nextOf(answer.Marker) }));

export const multipartUploadPage = z
  .object({ UploadsList: list(multipartUpload), Marker: marker })
  .transform((answer) => ({ items: answer.UploadsList, next: nextOf(answer.Marker) }));

export const partPage = z
  .object({ PartSizeInBytes: z.number(), Parts: list(part), Marker: marker })
  .transform((answer) => ({ partSize: answer.PartSizeInBytes, items: answer.Parts, next: nextOf(answer.Marker) }));
