import type { Destination } from '../core/ports.ts';
import { binder } from './bind.ts';
import { Client, type ClientOptions } from './client.ts';
import { complete } from './complete.ts';
import { type GlacierExtras, extrasOf } from './extras.ts';
import { inventory } from './inventory.ts';
import { requestInventory } from './job-requests.ts';
import { abort, initiate, listMultipartUploads } from './multipart.ts';
import { listParts, uploadPart } from './parts.ts';
import { vaultPorts } from './ports/index.ts';
import { vaultAdmin } from './ports/vault-admin.ts';
import { AMAZON_TIMES, type VaultTimes } from './ports/vault-times.ts';
import type { PlaceAdapter } from '../places/ports/place-ports.ts';
import { createVault, describeVault, listVaults } from './vaults.ts';

export type { GlacierExtras } from './extras.ts';

export type GlacierOptions = ClientOptions & {
  /** Amazon's own by default. */
  times?: VaultTimes;
};

/** Amazon Glacier, or the practice vault, as one account sees it. */
export function openGlacier({
  times = AMAZON_TIMES,
  ...options
}: GlacierOptions): GlacierExtras & Destination & PlaceAdapter {
  const client = new Client(options);
  const bind = binder(client);
  return {
    ...extrasOf(client),
    ports: ({ name }) => vaultPorts(client, name, times),
    admin: vaultAdmin(client),
    inventoryLagMs: times.inventoryLagMs,
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
