import { z } from 'zod';
import { type Result, ok } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import type { Inventory, InventoryArchive } from '../core/ports.ts';
import { parseJson } from './answer.ts';
import type { Client } from './client.ts';
import { time } from './fields.ts';
import { parseCsvInventory } from './inventory-csv.ts';
import { ListSplitter } from './inventory-json.ts';
import { GarbledOutput, jobOutput } from './job-output.ts';
import { inventoryArchive } from './schemas.ts';

const withoutArchives = z.object({ InventoryDate: time, ArchiveList: z.array(z.never()).nullish() });

/** The inventory that a job in JSON made, of whatever length, with the archives to `keep`. */
export async function inventory(
  client: Client,
  vault: string,
  jobId: string,
  signal: AbortSignal,
  keep: (archive: InventoryArchive) => boolean = () => true,
): Promise<Result<Inventory>> {
  const archives: InventoryArchive[] = [];
  let listed = 0;
  const splitter = new ListSplitter((json) => {
    listed += 1;
    const archive = parseJson(json, inventoryArchive);
    if (!archive.ok) throw new GarbledOutput(`archive ${listed} in it is not as documented`);
    if (keep(archive.value)) archives.push(archive.value);
  });
  const write = (bytes: Uint8Array): void => {
    splitter.push(bytes);
  };
  const output = await jobOutput(client, { vault, jobId }, { write, signal });
  if (!output.ok) return output;
  const rest = parseJson(splitter.end(), withoutArchives);
  return rest.ok ? ok({ inventoryAt: rest.value.InventoryDate, archives }) : rest;
}

const MAX_CSV_BYTES = 256 * MiB;

/** The archives in the inventory that a job in CSV made; such inventories do not tell their date. */
export async function csvInventory(
  client: Client,
  { vault, jobId }: { vault: string; jobId: string },
  signal: AbortSignal,
): Promise<Result<InventoryArchive[]>> {
  const chunks: Buffer[] = [];
  let length = 0;
  const write = (bytes: Uint8Array): void => {
    length += bytes.length;
    if (length > MAX_CSV_BYTES) throw new GarbledOutput('it is too long for an inventory in CSV');
    chunks.push(Buffer.from(bytes));
  };
  const output = await jobOutput(client, { vault, jobId }, { write, signal });
  if (!output.ok) return output;
  return parseCsvInventory(Buffer.concat(chunks).toString('utf8'));
}
