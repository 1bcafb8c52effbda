import { endpointProblem, usableSource } from '../../shared/account.ts';
import { isVaultName } from '../../shared/vault.ts';
import type { Told } from './entry.ts';

/** Longer than any system's paths, short enough for a catalogue. */
const LONGEST_PATH = 32 * 1024;
const LONGEST_TEXT = 4096;
/** The years that a calendar of four digits has, as far as the database's whole numbers are safe. */
const EARLIEST_MS = -62_167_219_200_000;
const LATEST_MS = 253_402_300_799_999;

/** Why this cannot be an archive in a vault; null when it can. Whatever comes from a file is untrusted. */
export function problemWith(told: Told): string | null {
  const { archiveId, vault, region, treeHash, size, storedAt, modifiedNs, account } = told;
  if (!/^[A-Za-z0-9_-]{1,1024}$/.test(archiveId)) return 'it has no archive ID';
  if (!isVaultName(vault)) return 'its vault has a name that Glacier does not allow';
  if (!/^[a-z0-9-]{1,40}$/.test(region)) return 'its region has a name that Amazon does not have';
  if (treeHash !== null && !/^[0-9a-f]{64}$/.test(treeHash)) return 'its tree hash is none';
  if (size !== null && !Number.isSafeInteger(size)) return 'its size is none';
  if (storedAt !== null && !(storedAt >= EARLIEST_MS && storedAt <= LATEST_MS)) return 'it was stored at no time';
  if (modifiedNs !== null && !/^-?\d{1,20}$/.test(modifiedNs)) return 'its file was changed at no time';
  if ((told.path?.length ?? 0) > LONGEST_PATH) return 'its path is too long';
  const { endpointUrl } = usableSource({
    source: account.source ?? { kind: 'environment' },
    endpointUrl: account.endpointUrl,
  });
  const texts = [told.location, told.description, account.id, account.name ?? '', endpointUrl ?? ''];
  if (texts.some((text) => text.length > LONGEST_TEXT)) return 'one of its fields is too long';
  if (endpointUrl !== null && endpointProblem(endpointUrl) !== null) return 'its endpoint URL is none';
  return null;
}
