import { type Result, fail, ok } from '../../shared/result.ts';
import { isVaultName } from '../../shared/vault.ts';
import type { Command, Values } from './arguments.ts';

/** What is to be done with vaults. */
export function readVaultCommand(values: Values, [what, name, ...more]: string[]): Result<Command, string> {
  if (what === 'empty') return readEmpty(values, name, more);
  if (what === 'list' && name === undefined) return ok({ kind: 'vault-list' });
  if (what !== 'create' || name === undefined || more.length > 0)
    return fail('Say "vault create NAME", "vault empty NAME" or "vault list".');
  if (!isVaultName(name)) return fail(notAName(name));
  return ok({ kind: 'vault-create', name });
}

function readEmpty(values: Values, vault: string | undefined, more: string[]): Result<Command, string> {
  if (vault === undefined || more.length > 0) return fail('Say which vault: firn vault empty NAME.');
  if (!isVaultName(vault)) return fail(notAName(vault));
  const { close = false, yes = false, 'also-new': alsoNew = false, 'no-wait': noWait = false } = values;
  return ok({ kind: 'vault-empty', vault, closes: close, alsoNew, yes, wait: !noWait });
}

export function notAName(name: string): string {
  return `"${name}" cannot name a vault: 1 to 255 of a-z A-Z 0-9 _ . - are allowed.`;
}
