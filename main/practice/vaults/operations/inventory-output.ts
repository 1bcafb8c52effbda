import { isoSeconds, isoTime } from '../../exchange/time.ts';
import type { InventorySnapshot } from '../store/inventory.ts';
import type { ArchiveRecord } from '../store/records.ts';

/** The output of an inventory job in pieces, so that a long one is never whole in memory. */
export function* inventoryJson(vaultArn: string, { takenAt, archives }: InventorySnapshot): Iterable<string> {
  yield `{"VaultARN":${JSON.stringify(vaultArn)},"InventoryDate":"${isoSeconds(takenAt)}","ArchiveList":[`;
  for (const [index, archive] of archives.entries()) yield `${index > 0 ? ',' : ''}${JSON.stringify(listed(archive))}`;
  yield ']}';
}

export function* inventoryCsv({ archives }: InventorySnapshot): Iterable<string> {
  yield 'ArchiveId,ArchiveDescription,CreationDate,Size,SHA256TreeHash\n';
  for (const archive of archives) yield `${Object.values(listed(archive)).map(csvField).join(',')}\n`;
}

function listed({ archiveId, description, createdAt, size, treeHash }: ArchiveRecord): Record<string, string | number> {
  return {
    ArchiveId: archiveId,
    ArchiveDescription: description ?? '',
    CreationDate: isoTime(createdAt),
    Size: size,
    SHA256TreeHash: treeHash,
  };
}

/** Amazon's way: a quote is escaped by a backslash, but a backslash is not, so the format is ambiguous. */
function csvField(value: string | number): string {
  const text = String(value);
  return /[",]/.test(text) ? `"${text.replaceAll('"', '\\"')}"` : text;
}
