import { type Result, ok } from '../../shared/result.ts';
import type { Vault } from '../../shared/vault.ts';
import type { z } from 'zod';
import type { Client } from './client.ts';
import { VAULT_PAGE_LIMIT, listAll, pageQuery } from './paging.ts';
import { parseAnswer, schemas } from './schemas.ts';

export function listVaults(client: Client, signal: AbortSignal): Promise<Result<Vault[]>> {
  return listAll(async (marker) => {
    const answer = await client.call(
      { method: 'GET', path: ['vaults'], query: pageQuery(marker, VAULT_PAGE_LIMIT) },
      signal,
    );
    if (!answer.ok) return answer;
    const page = parseAnswer(answer.value, schemas.vaultPage);
    return page.ok ? ok({ items: page.value.VaultList.map(vaultFrom), marker: page.value.Marker }) : page;
  });
}

export async function describeVault(client: Client, vault: string, signal: AbortSignal): Promise<Result<Vault>> {
  const answer = await client.call({ method: 'GET', path: ['vaults', vault] }, signal);
  if (!answer.ok) return answer;
  const described = parseAnswer(answer.value, schemas.vault);
  return described.ok ? ok(vaultFrom(described.value)) : described;
}

export async function createVault(client: Client, vault: string, signal: AbortSignal): Promise<Result<null>> {
  const answer = await client.call({ method: 'PUT', path: ['vaults', vault] }, signal);
  return answer.ok ? ok(null) : answer;
}

function vaultFrom(described: z.output<typeof schemas.vault>): Vault {
  return {
    name: described.VaultName,
    arn: described.VaultARN,
    createdAt: described.CreationDate,
    inventoryAt: described.LastInventoryDate,
    archives: described.NumberOfArchives,
    size: described.SizeInBytes,
  };
}
