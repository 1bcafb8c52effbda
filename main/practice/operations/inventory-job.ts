import { type Result, fail, ok } from '../../../shared/result.ts';
import { type Service, vaultArn } from '../protocol/call.ts';
import { type Rejection, rejections } from '../protocol/rejections.ts';
import { lastInventory } from '../store/inventory.ts';
import { addInventoryJob } from '../store/jobs.ts';
import type { Job, Vault } from '../store/store.ts';
import { inventoryJson } from './inventory-output.ts';
import type { JobRequest } from './job-request.ts';

/** Never live data: the output is the last inventory at the time of the request. */
export async function startInventoryJob(
  service: Service,
  vault: Vault,
  request: JobRequest,
  common: { description: string | null; snsTopic: string | null },
): Promise<Result<Job, Rejection>> {
  if (request.Type !== 'inventory-retrieval') return fail(rejections.parameter('Type', String(request.Type)));
  const format = request.Format ?? 'JSON';
  if (format !== 'JSON') return fail(rejections.parameter('Format', format));
  const { clock, rules, store } = service;
  const now = clock();
  const inventory = lastInventory(vault, now, rules.inventoryLagMs);
  const arn = vaultArn(service, vault.record.name);
  if (!inventory) return fail(rejections.noInventory(arn));
  const work = {
    kind: 'inventory',
    format,
    startDate: null,
    endDate: null,
    limit: null,
    marker: null,
    nextMarker: null,
  } as const;
  const times = { createdAt: now, completesAt: now + rules.inventoryJobMs };
  return ok(await addInventoryJob(store, vault, { ...common, ...times, work }, inventoryJson(arn, inventory)));
}
