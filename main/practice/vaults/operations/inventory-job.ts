import { type Result, fail, ok } from '../../../../shared/result.ts';
import { type Service, vaultArn } from '../protocol/call.ts';
import { type Place, byPlace, cut, markerAt, placesAfter } from '../protocol/pages.ts';
import { type Rejection, rejections } from '../protocol/rejections.ts';
import { parseSeconds } from '../../exchange/time.ts';
import { type InventorySnapshot, lastInventory } from '../store/inventory.ts';
import { addInventoryJob } from '../store/jobs.ts';
import type { ArchiveRecord } from '../store/records.ts';
import type { Job, Vault } from '../store/store.ts';
import { inventoryCsv, inventoryJson } from './inventory-output.ts';
import type { JobNote, JobRequest } from './job-request.ts';

type Parameters = { startDate: string | null; endDate: string | null; limit: string | null; marker: string | null };

/** Never live data: the output is the last inventory at the time of the request. */
export async function startInventoryJob(
  service: Service,
  vault: Vault,
  request: JobRequest,
  note: JobNote,
): Promise<Result<Job, Rejection>> {
  if (request.ArchiveId || request.RetrievalByteRange) return fail(rejections.onlyForArchive());
  const format = request.Format ?? 'JSON';
  if (format !== 'JSON' && format !== 'CSV') return fail(rejections.parameter('Format', format));
  const parameters = readParameters(request);
  const { clock, rules, store } = service;
  return store.turns.run(async () => {
    const now = clock();
    const arn = vaultArn(service, vault.record.name);
    const inventory = lastInventory(vault, now, rules.inventoryLagMs);
    if (!inventory) return fail(rejections.noInventory(arn));
    const part = select(inventory, parameters, vault.record.name);
    if (!part.ok) return part;
    const work = { kind: 'inventory', format, ...parameters, nextMarker: part.value.nextMarker } as const;
    const times = { createdAt: now, completesAt: now + rules.inventoryJobMs };
    const output = format === 'JSON' ? inventoryJson(arn, part.value.inventory) : inventoryCsv(part.value.inventory);
    return ok(await addInventoryJob(store, vault, { ...note, ...times, work }, output));
  });
}

function readParameters({ InventoryRetrievalParameters: given }: JobRequest): Parameters {
  return {
    startDate: given?.StartDate ?? null,
    endDate: given?.EndDate ?? null,
    limit: given?.Limit ?? null,
    marker: given?.Marker ?? null,
  };
}

/** Archives created from the start date to before the end date, so many after the marker. */
function select(
  inventory: InventorySnapshot,
  { startDate, endDate, limit, marker }: Parameters,
  vault: string,
): Result<{ inventory: InventorySnapshot; nextMarker: string | null }, Rejection> {
  const start = startDate === null ? -Infinity : parseSeconds(startDate);
  if (start === null) return fail(rejections.parameter('StartDate', startDate ?? ''));
  const end = endDate === null ? Infinity : parseSeconds(endDate);
  if (end === null) return fail(rejections.parameter('EndDate', endDate ?? ''));
  if (limit !== null && !/^[1-9]\d{0,8}$/.test(limit)) return fail(rejections.parameter('Limit', limit));
  const chosen = inventory.archives
    .filter(({ createdAt }) => createdAt >= start && createdAt < end)
    .sort(byPlace(place));
  const listing = `inventory of ${vault}`;
  const rest = placesAfter(chosen, marker ?? '', { listing, place });
  if (!rest) return fail(rejections.parameter('Marker', marker ?? ''));
  const page = cut(rest, Number(limit ?? Infinity), (archive) => markerAt(listing, place(archive)));
  return ok({ inventory: { ...inventory, archives: page.items }, nextMarker: page.marker });
}

function place({ createdAt, archiveId }: ArchiveRecord): Place {
  return [createdAt, archiveId];
}
