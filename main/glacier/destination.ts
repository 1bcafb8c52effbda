import { HOUR } from '../../shared/units.ts';
import type { Destination } from '../core/ports.ts';
import { Client, type ClientOptions } from './client.ts';
import { complete } from './complete.ts';
import { describeJob, inventory, requestInventory } from './jobs.ts';
import { abort, initiate, listMultipartUploads } from './multipart.ts';
import { listParts, uploadPart } from './parts.ts';
import { createVault, describeVault, listVaults } from './vaults.ts';

export type GlacierOptions = ClientOptions & {
  /** How long the service may take to show a change in an inventory. */
  inventoryLagMs?: number;
};

/** What a vault can do beyond keeping uploads. */
export interface GlacierExtras {
  /** Closes idle connections. Requests under way are not awaited. */
  close(): void;
}

/** Glacier makes inventories about once a day; users report up to a day and a half. */
const INVENTORY_LAG_MS = 48 * HOUR;

/** Amazon Glacier, or the practice vault, as one account sees it. */
export function openGlacier({
  inventoryLagMs = INVENTORY_LAG_MS,
  ...options
}: GlacierOptions): Destination & GlacierExtras {
  const client = new Client(options);
  return {
    inventoryLagMs,
    now: () => client.now(),
    listVaults: (signal) => listVaults(client, signal),
    describeVault: (vault, signal) => describeVault(client, vault, signal),
    createVault: (vault, signal) => createVault(client, vault, signal),
    initiate: (upload, signal) => initiate(client, upload, signal),
    uploadPart: (part, options) => uploadPart(client, part, options),
    listParts: (upload, signal) => listParts(client, upload, signal),
    listMultipartUploads: (vault, signal) => listMultipartUploads(client, vault, signal),
    complete: (upload, signal) => complete(client, upload, signal),
    abort: (upload, signal) => abort(client, upload, signal),
    requestInventory: (vault, signal) => requestInventory(client, vault, signal),
    describeJob: (vault, jobId, signal) => describeJob(client, vault, jobId, signal),
    inventory: (vault, jobId, signal) => inventory(client, vault, jobId, signal),
    close: () => {
      client.close();
    },
  };
}
