import { HOUR } from '../../shared/units.ts';
import type { Destination } from '../core/ports.ts';
import { binder } from './bind.ts';
import { Client, type ClientOptions } from './client.ts';
import { complete } from './complete.ts';
import { type GlacierExtras, extrasOf } from './extras.ts';
import { inventory } from './inventory.ts';
import { requestInventory } from './job-requests.ts';
import { abort, initiate, listMultipartUploads } from './multipart.ts';
import { listParts, uploadPart } from './parts.ts';
import { createVault, describeVault, listVaults } from './vaults.ts';

export type { GlacierExtras } from './extras.ts';

export type GlacierOptions = ClientOptions & {
  /** How long the service may take to show a change in an inventory. */
  inventoryLagMs?: number;
};

/** Glacier makes inventories about once a day; users report up to a day and a half. */
const INVENTORY_LAG_MS = 48 * HOUR;

/** Amazon Glacier, or the practice vault, as one account sees it. */
export function openGlacier({ inventoryLagMs, ...options }: GlacierOptions): GlacierExtras & Destination {
  const client = new Client(options);
  const bind = binder(client);
  return {
    ...extrasOf(client),
    inventoryLagMs: inventoryLagMs ?? INVENTORY_LAG_MS,
    now: () => client.now(),
    listVaults: bind(listVaults),
    describeVault: bind(describeVault),
    createVault: bind(createVault),
    initiate: bind(initiate),
    uploadPart: bind(uploadPart),
    listParts: bind(listParts),
    listMultipartUploads: bind(listMultipartUploads),
    complete: bind(complete),
    abort: bind(abort),
    requestInventory: (vault, signal) => requestInventory(client, { vault, format: 'JSON' }, signal),
    inventory: bind(inventory),
  };
}
