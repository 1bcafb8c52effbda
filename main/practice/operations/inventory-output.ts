import { isoSeconds, isoTime } from '../protocol/time.ts';
import type { InventorySnapshot } from '../store/inventory.ts';
import type { ArchiveRecord } from '../store/records.ts';

/** The output of an inventory job in pieces, so that a long one is never whole in memory. */
export function* inventoryJson(vaultArn: string, { takenAt, archives }: InventorySnapshot): Iterable<string> {
  yield `{"VaultARN":${JSON.stringify(vaultArn)},"InventoryDate":"${isoSeconds(takenAt)}","ArchiveList":[`;
  for (const [index, archive] of archives.entries()) yield `${index > 0 ? ',' : ''}${JSON.stringify(listed(archive))}`;
  yield ']}';
}

function listed({ archiveId, description, createdAt, size, treeHash }: ArchiveRecord): Record<string, unknown> {
  return {
    ArchiveId: archiveId,
    ArchiveDescription: description ?? '',
    CreationDate: isoTime(createdAt),
    Size: size,
    SHA256TreeHash: treeHash,
  };
}
