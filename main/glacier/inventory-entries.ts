import { z } from 'zod';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { InventoryEntry } from '../inventories/ports.ts';
import type { InventoryArchive } from '../core/ports.ts';
import { text, time } from './fields.ts';
import { inventoryArchive } from './schemas.ts';

const head = z.object({ VaultARN: text, InventoryDate: time, ArchiveList: z.array(z.never()).nullish() });

/** Longer than Glacier allows; whatever has more is none of its descriptions. */
const LONGEST_DESCRIPTION = 4096;
const LATEST_MS = 253_402_300_799_999;

/** The date of an inventory, and where its archives are, from the document without its archives; or what is wrong with it. */
export function inventoryHead(document: string): Result<{ inventoryAt: number; location: string }, string> {
  const parsed = head.safeParse(parse(document));
  if (!parsed.success) return fail('it is not the whole of an inventory');
  return ok({ inventoryAt: parsed.data.InventoryDate, location: locationOf(parsed.data.VaultARN) });
}

/** An archive of an inventory, or an entry that is odd, which must not keep all others away. */
export function inventoryEntry(json: string): InventoryEntry {
  const value = parse(json);
  const parsed = inventoryArchive.safeParse(value);
  return parsed.success && isCredible(parsed.data)
    ? parsed.data
    : { oddId: named.safeParse(value).data?.ArchiveId ?? null };
}

const ARCHIVE_ID = /^[A-Za-z0-9_-]{1,1024}$/;
const named = z.object({ ArchiveId: z.string().regex(ARCHIVE_ID) });

function isCredible({ archiveId, size, createdAt, description }: InventoryArchive): boolean {
  return (
    ARCHIVE_ID.test(archiveId) &&
    Number.isSafeInteger(size) &&
    size >= 0 &&
    createdAt >= 0 &&
    createdAt <= LATEST_MS &&
    description.length <= LONGEST_DESCRIPTION
  );
}

/** Where `arn:aws:glacier:us-west-2:012345678901:vaults/name` is; null for anything else. */
export function vaultOf(arn: string): { region: string; accountNumber: string; vault: string } | null {
  const [, region, accountNumber, vault] =
    /^arn:[^:]*:glacier:([a-z0-9-]+):(\d{12}):vaults\/([A-Za-z0-9_.-]{1,255})$/.exec(arn) ?? [];
  if (region === undefined || accountNumber === undefined || vault === undefined) return null;
  return { region, accountNumber, vault };
}

/** `/012345678901/vaults/name/archives/`; empty when the ARN tells no vault. */
function locationOf(arn: string): string {
  const found = vaultOf(arn);
  return found ? `/${found.accountNumber}/vaults/${found.vault}/archives/` : '';
}

function parse(json: string): unknown {
  try {
    // Whatever carried it may have put a byte order mark in front.
    return JSON.parse(json.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}
