import type { Result } from '../../shared/result.ts';
import type { Vault } from '../../shared/vault.ts';
import { parseAnswer } from './answer.ts';
import type { Client } from './client.ts';
import { listAll } from '../aws/list-all.ts';
import { VAULT_PAGE_LIMIT, pageQuery } from './paging.ts';
import { vault as vaultSchema, vaultPage } from './schemas.ts';

export function listVaults(client: Client, signal: AbortSignal): Promise<Result<Vault[]>> {
  return listAll(async (marker: string | null) => {
    const query = pageQuery(marker, VAULT_PAGE_LIMIT);
    const answer = await client.call({ method: 'GET', path: ['vaults'], query }, signal);
    return answer.ok ? parseAnswer(answer.value, vaultPage) : answer;
  });
}

export async function describeVault(client: Client, vault: string, signal: AbortSignal): Promise<Result<Vault>> {
  const answer = await client.call({ method: 'GET', path: ['vaults', vault] }, signal);
  return answer.ok ? parseAnswer(answer.value, vaultSchema) : answer;
}

export function createVault(client: Client, vault: string, signal: AbortSignal): Promise<Result<null>> {
  return client.command({ method: 'PUT', path: ['vaults', vault] }, signal);
}

/**
 * Deletes an empty vault. Refused (`rejected`) while the last inventory shows archives or anything was written since, so for
 * about a day after the last archive was deleted. Deleting a vault that is gone already succeeds.
 */
export function deleteVault(client: Client, vault: string, signal: AbortSignal): Promise<Result<null>> {
  return client.command({ method: 'DELETE', path: ['vaults', vault] }, signal);
}
