import { isVaultName } from '../../../shared/vault.ts';

/** What is wrong with a vault's name, in words; a name that is not there yet is wrong only when it was sent so. */
export function vaultNameProblem(name: string, sent: boolean): string | null {
  if (isVaultName(name)) return null;
  if (name === '') return sent ? 'Give the vault a name.' : null;
  if (name.length > 255) return 'A vault name has at most 255 characters.';
  const [bad] = /[^A-Za-z0-9_.-]/u.exec(name) ?? [];
  if (bad === undefined) return 'Glacier does not take this name.';
  return bad.trim() === '' ? 'A vault name cannot have spaces. Use “-” instead.' : `A vault name cannot have “${bad}”.`;
}
