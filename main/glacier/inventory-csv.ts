import { type Result, ok } from '../../shared/result.ts';
import type { InventoryArchive } from '../core/ports.ts';
import { garbled } from './answer.ts';
import { inventoryArchive } from './schemas.ts';

const COLUMNS = ['ArchiveId', 'ArchiveDescription', 'CreationDate', 'Size', 'SHA256TreeHash'];

/** A field is free of backslashes, quotes and commas, or it is quoted. */
const FIELD = /(?:"((?:[^"\\]|\\.)*)"|([^"\\,]*))(,|$)/y;

/**
 * The archives of an inventory in CSV. Glacier writes a quote within a field as `\"` but leaves backslashes as they are, so
 * a description that ends in a backslash cannot be told from one that ends in a quote; JSON has no such doubt.
 */
export function parseCsvInventory(text: string): Result<InventoryArchive[]> {
  const [header = '', ...lines] = text.split(/\r?\n/);
  if (fieldsOf(header)?.join() !== COLUMNS.join()) return garbled('its first line is not that of an inventory');
  const archives: InventoryArchive[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const archive = archiveIn(line);
    if (!archive) return garbled(`line ${index + 2} is not that of an archive`);
    archives.push(archive);
  }
  return ok(archives);
}

function archiveIn(line: string): InventoryArchive | null {
  const fields = fieldsOf(line);
  if (fields?.length !== COLUMNS.length) return null;
  const [ArchiveId, ArchiveDescription, CreationDate, size, SHA256TreeHash] = fields;
  const Size = /^\d+$/.test(size ?? '') ? Number(size) : null;
  const parsed = inventoryArchive.safeParse({ ArchiveId, ArchiveDescription, CreationDate, Size, SHA256TreeHash });
  return parsed.success ? parsed.data : null;
}

function fieldsOf(line: string): string[] | null {
  const fields: string[] = [];
  FIELD.lastIndex = 0;
  for (let end = ','; end === ',';) {
    const match = FIELD.exec(line);
    if (!match) return null;
    fields.push(match[1]?.replaceAll('\\"', '"') ?? match[2] ?? '');
    end = match[3] ?? '';
  }
  return fields;
}
