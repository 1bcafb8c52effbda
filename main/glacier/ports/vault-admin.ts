import { type Result, ok } from '../../../shared/result.ts';
import type { Vault } from '../../../shared/vault.ts';
import type { PlaceAdmin, PlaceFacts } from '../../places/ports/place-admin.ts';
import type { Client } from '../client.ts';
import { listMultipartUploads } from '../multipart.ts';
import { createVault, deleteVault, describeVault, listVaults } from '../vaults.ts';

export function vaultAdmin(client: Client): PlaceAdmin {
  return {
    async list(signal) {
      const listed = await listVaults(client, signal);
      return listed.ok ? ok(listed.value.map(factsOf)) : listed;
    },
    create: (name, signal) => createVault(client, name, signal),
    async describe(name, signal): Promise<Result<PlaceFacts>> {
      const found = await describeVault(client, name, signal);
      return found.ok ? ok(factsOf(found.value)) : found;
    },
    remove: (name, signal) => deleteVault(client, name, signal),
    async countOpenUploads(name, signal) {
      const open = await listMultipartUploads(client, name, signal);
      return open.ok ? ok(open.value.length) : open;
    },
  };
}

function factsOf({ name, createdAt, archives, size: bytes, inventoryAt: listedAt }: Vault): PlaceFacts {
  return { service: 'glacier', name, createdAt, archives, bytes, listedAt };
}
