import type { Account } from '../../shared/account.ts';
import { type Result } from '../../shared/result.ts';
import { formatBytes } from '../../shared/units.ts';
import { systemClock } from '../clock.ts';
import type { Destination } from '../core/ports.ts';
import { openDestinations } from '../destinations.ts';
import { ask } from '../glacier/ask.ts';
import type { Output } from './output.ts';
import type { ExitCode } from './exit-code.ts';

export async function createVault(account: Account, name: string, output: Output): Promise<ExitCode> {
  return answered(
    await askOnce(account, (destination, signal) => destination.createVault(name, signal)),
    output,
    () => {
      output.event(
        { event: 'vault-created', vault: name, region: account.region },
        `Created the vault ${name} in ${account.region}`,
      );
    },
  );
}

export async function listVaults(account: Account, output: Output): Promise<ExitCode> {
  return answered(await askOnce(account, (destination, signal) => destination.listVaults(signal)), output, (vaults) => {
    for (const vault of vaults) {
      const asOf =
        vault.inventoryAt === null ? 'no inventory yet' : `inventory of ${new Date(vault.inventoryAt).toISOString()}`;
      output.event({ ...vault }, `${vault.name}  ${vault.archives} archive(s), ${formatBytes(vault.size)} (${asOf})`);
    }
    if (vaults.length === 0 && !output.json) output.event({}, 'There are no vaults.');
  });
}

async function askOnce<T>(
  account: Account,
  question: (destination: Destination, signal: AbortSignal) => Promise<Result<T>>,
): Promise<Result<T>> {
  const destinations = openDestinations({
    keyRing: { keys: () => null },
    codeFolder: '',
    practiceFolder: '',
    threads: 1,
    clock: systemClock,
  });
  try {
    return await ask(destinations.open(account), question);
  } finally {
    await destinations.close();
  }
}

function answered<T>(answer: Result<T>, output: Output, tell: (value: T) => void): ExitCode {
  if (answer.ok) tell(answer.value);
  else output.failure(answer.failure);
  return answer.ok ? 0 : 1;
}
