import { type Result, ok } from '../../shared/result.ts';
import type { Inventory, InventoryArchive } from '../core/ports.ts';
import { garbled } from '../aws/garbled.ts';
import type { Client } from './client.ts';
import { inventoryEntry, inventoryHead } from './inventory-entries.ts';
import { ListSplitter } from './inventory-json.ts';
import { jobOutput } from './job-output.ts';

/** The inventory that a job in JSON made, of whatever length, with the archives to `keep`. Entries that are odd are counted. */
export async function inventory(
  client: Client,
  vault: string,
  jobId: string,
  signal: AbortSignal,
  keep: (archive: InventoryArchive) => boolean = () => true,
): Promise<Result<Inventory>> {
  const archives: InventoryArchive[] = [];
  let unreadable = 0;
  const splitter = new ListSplitter((json) => {
    const archive = inventoryEntry(json);
    if ('oddId' in archive) unreadable += 1;
    else if (keep(archive)) archives.push(archive);
  });
  const write = (bytes: Uint8Array): void => {
    splitter.push(bytes);
  };
  const output = await jobOutput(client, { vault, jobId }, { write, signal });
  if (!output.ok) return output;
  const head = inventoryHead(splitter.end());
  return head.ok ? ok({ ...head.value, archives, unreadable }) : garbled(head.failure);
}
