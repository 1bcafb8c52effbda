import { z } from 'zod';
import { errorText } from '../../shared/error-text.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { GarbledOutput } from '../glacier/garbled-output.ts';
import { inventoryEntry, vaultOf } from '../glacier/inventory-entries.ts';
import { ListSplitter } from '../glacier/inventory-json.ts';
import { describedFile } from '../store/described-file.ts';
import type { Entry, Home } from './entry.ts';
import { unreadable } from './lines.ts';
import { bytesOf } from './text-file.ts';

/**
 * Whether a file begins as an inventory in JSON does: the output of a job, whatever wrote it to disk and however that set
 * its lines, or a bare list of its archives. An export of Firn has a whole object in its first line.
 */
export function isInventoryDocument(beginning: string): boolean {
  return beginning.startsWith('[') || (beginning.startsWith('{') && /"(?:ArchiveList|VaultARN)"\s*:/.test(beginning));
}

/** What the inventory says of its vault; null when it does not. */
export type VaultTold = NonNullable<ReturnType<typeof vaultOf>> | null;

const around = z.union([
  z.object({ VaultARN: z.string().nullish(), ArchiveList: z.array(z.never()).nullish() }),
  z.array(z.never()),
]);

/** Reads all of it, since the vault may stand at the end; a sentence when the document is not whole. */
export async function inspectDocument(file: string): Promise<Result<VaultTold, string>> {
  const splitter = new ListSplitter(() => undefined);
  try {
    for await (const bytes of bytesOf(file)) splitter.push(bytes);
  } catch (error) {
    if (error instanceof GarbledOutput) return fail(errorText(error));
    throw error;
  }
  const parsed = around.safeParse(parse(splitter.end()));
  if (!parsed.success) return fail('it is not the whole of an inventory');
  return ok(Array.isArray(parsed.data) ? null : vaultOf(parsed.data.VaultARN ?? ''));
}

/** The entries of a document that was inspected, counted from 1. */
export async function* documentEntries(file: string, home: Home, told: VaultTold): AsyncGenerator<Entry[]> {
  let count = 0;
  let found: Entry[] = [];
  const splitter = new ListSplitter((json) => {
    count += 1;
    found.push(entryIn(json, count, home, told));
  });
  for await (const bytes of bytesOf(file)) {
    splitter.push(bytes);
    yield found;
    found = [];
  }
}

function entryIn(json: string, count: number, home: Home, told: VaultTold): Entry {
  const archive = inventoryEntry(json);
  if ('oddId' in archive) return unreadable(count, 'it does not tell of an archive');
  const { archiveId, description, createdAt: storedAt, size, treeHash } = archive;
  const { path, modified_ns: modifiedNs } = describedFile(description);
  const location = told ? `/${told.accountNumber}/vaults/${told.vault}/archives/${archiveId}` : '';
  const file = { path, modifiedNs, size, treeHash, description };
  return { kind: 'archive', line: count, told: { ...home, ...file, archiveId, storedAt, location } };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
