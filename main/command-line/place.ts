import { type Result, fail, ok } from '../../shared/result.ts';
import { isVaultName } from '../../shared/vault.ts';
import type { Values } from './options.ts';

/** The vault that somebody names: `vault:NAME`, or the bare name where only a vault can stand. A failure is a sentence. */
export function readPlace(text: string): Result<string, string> {
  const [, kind = 'vault', name = ''] = /^(?:([a-z0-9]+):)?(.*)$/s.exec(text) ?? [];
  if (kind !== 'vault') return fail(`"${text}" is no place that Firn knows. Write it like vault:NAME.`);
  return isVaultName(name)
    ? ok(name)
    : fail(`"${name}" cannot name a vault: 1 to 255 of a-z A-Z 0-9 _ . - are allowed.`);
}

/** The same for several. */
export function readPlaces(texts: readonly string[]): Result<string[], string> {
  const vaults: string[] = [];
  for (const text of texts) {
    const vault = readPlace(text);
    if (!vault.ok) return vault;
    vaults.push(vault.value);
  }
  return ok(vaults);
}

/** What --vault or --place says; null when neither does. */
export function vaultOf({ vault, place }: Values): Result<string | null, string> {
  if (vault !== undefined && place !== undefined) return fail('Say --vault or --place, not both.');
  const text = vault === undefined ? place : `vault:${vault}`;
  if (text === undefined) return ok(null);
  if (place !== undefined && !place.includes(':')) return fail(`"${place}" is no place. Write it like vault:${place}.`);
  return readPlace(text);
}

/** The same where one must be named. */
export function neededVault(values: Values): Result<string, string> {
  const vault = vaultOf(values);
  if (!vault.ok) return vault;
  return vault.value === null ? fail('Say into which vault: --vault NAME.') : ok(vault.value);
}
