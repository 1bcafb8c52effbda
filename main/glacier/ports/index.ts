import type { PlacePorts } from '../../places/ports/place-ports.ts';
import type { Client } from '../client.ts';
import { vaultCensus } from './vault-census.ts';
import { vaultChecksums } from './vault-checksums.ts';
import { vaultNames } from './vault-names.ts';
import { vaultRemover } from './vault-remover.ts';
import { vaultTarget } from './vault-target.ts';
import { vaultThaw } from './vault-thaw.ts';
import type { VaultTimes } from './vault-times.ts';

/** What can be done with one vault. */
export function vaultPorts(client: Client, vault: string, times: VaultTimes): PlacePorts {
  return {
    target: vaultTarget(client, vault, times),
    checksums: vaultChecksums,
    names: vaultNames,
    census: vaultCensus(client, vault, times),
    thaw: vaultThaw(client, vault, times),
    remover: vaultRemover(client, vault),
  };
}
