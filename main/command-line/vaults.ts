import type { Account } from '../../shared/account.ts';
import { formatBytes } from '../../shared/units.ts';
import { plural } from '../../shared/words.ts';
import { askService } from './ask-service.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

export async function createVault(
  account: Account,
  { name, dryRun }: { name: string; dryRun: boolean },
  output: Output,
): Promise<ExitCode> {
  const { region } = account;
  if (dryRun) {
    output.result({ event: 'would-create', vault: name, region }, `Would create the vault ${name} in ${region}.`);
    return EXIT.done;
  }
  const created = await askService(account, (destination, signal) => destination.createVault(name, signal));
  if (!created.ok) return output.failure(created.failure);
  output.event({ event: 'vault-created', vault: name, region }, `Created the vault ${name} in ${region}`);
  return EXIT.done;
}

export async function listVaults(account: Account, output: Output): Promise<ExitCode> {
  const vaults = await askService(account, (destination, signal) => destination.listVaults(signal));
  if (!vaults.ok) return output.failure(vaults.failure);
  for (const vault of vaults.value) {
    const { name, archives, size, inventoryAt } = vault;
    const asOf = inventoryAt === null ? 'no inventory yet' : `inventory of ${new Date(inventoryAt).toISOString()}`;
    output.result({ ...vault }, `${name}  ${plural(archives, 'archive')}, ${formatBytes(size)} (${asOf})`);
  }
  if (vaults.value.length === 0 && !output.json) output.result({}, 'There are no vaults.');
  return EXIT.done;
}
