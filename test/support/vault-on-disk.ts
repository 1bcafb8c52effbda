import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What the folder of a practice vault holds, read without its help. */
export type ArchiveOnDisk = { archiveId: string; description: string; bytes: Buffer };
export type MultipartOnDisk = { multipartUploadId: string; description: string; folder: string; parts: string[] };

export function archivesOnDisk(practiceFolder: string, vault: string): ArchiveOnDisk[] {
  return records(practiceFolder, vault, 'archives', 'archive.json')
    .filter(({ record }) => record['deletedAt'] === null)
    .map(({ folder, record }) => ({
      archiveId: String(record['archiveId']),
      description: String(record['description']),
      bytes: Buffer.concat(partFiles(folder).map((file) => readFileSync(join(folder, 'parts', file)))),
    }));
}

/** Multipart uploads that are open: neither completed nor aborted. */
export function multipartsOnDisk(practiceFolder: string, vault: string): MultipartOnDisk[] {
  return records(practiceFolder, vault, 'uploads', 'upload.json')
    .filter(({ record }) => record['abortedAt'] === null)
    .map(({ folder, record }) => ({
      multipartUploadId: String(record['multipartUploadId']),
      description: String(record['description']),
      folder,
      parts: partFiles(folder),
    }));
}

/** As if the service had lost it. The practice vault must not be running. */
export function losePartOnDisk({ folder, parts }: MultipartOnDisk, index: number): void {
  rmSync(join(folder, 'parts', parts[index] ?? 'none'));
}

function records(practiceFolder: string, vault: string, kind: string, name: string) {
  const vaults = subfolders(join(practiceFolder, 'us-east-1', 'vaults'));
  const folder = vaults.find((one) => readJson(join(one, 'vault.json'))['name'] === vault);
  if (folder === undefined) return [];
  return subfolders(join(folder, kind)).map((one) => ({ folder: one, record: readJson(join(one, name)) }));
}

function subfolders(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

/** In the order of their ranges. Their names begin with the first byte. */
function partFiles(folder: string): string[] {
  const parts = join(folder, 'parts');
  if (!existsSync(parts)) return [];
  const first = (name: string): number => Number(name.split('-')[0]);
  return readdirSync(parts).sort((a, b) => first(a) - first(b));
}

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}
