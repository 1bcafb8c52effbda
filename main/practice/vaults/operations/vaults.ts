import { fail, ok } from '../../../../shared/result.ts';
import { isVaultName } from '../../../../shared/vault.ts';
import { doneAnswer, jsonAnswer } from '../protocol/answers.ts';
import { type Operation, type Service, findVault, vaultArn, vaultLocation } from '../protocol/call.ts';
import { VAULT_PAGE, cut, readLimit } from '../protocol/pages.ts';
import { rejections } from '../protocol/rejections.ts';
import { isoTime } from '../../exchange/time.ts';
import { inventorySize, isKnownEmpty, lastInventory } from '../store/inventory.ts';
import type { Vault } from '../store/store.ts';
import { isOpen } from '../store/uploads.ts';
import { createVault as addVault, deleteVault as removeVault } from '../store/vaults.ts';

export const createVault: Operation = async (service, { route }) => {
  const { store, rules } = service;
  if (!isVaultName(route.vault)) return fail(rejections.parameter('vault name', route.vault));
  if (!store.vaults.has(route.vault) && store.vaults.size >= rules.maxVaults) {
    return fail(rejections.limitExceeded(`An account has at most ${rules.maxVaults} vaults.`));
  }
  await addVault(store, route.vault, service.clock());
  return ok(doneAnswer(201, { Location: vaultLocation(service, route.vault) }));
};

export const describeVault: Operation = (service, call) => {
  const vault = findVault(service, call);
  return vault.ok ? ok(jsonAnswer(describe(service, vault.value))) : vault;
};

/** In ASCII order of the names; the marker is the ARN of the last vault of the page, which may be gone by then. */
export const listVaults: Operation = (service, { route }) => {
  const limit = readLimit(route.query, VAULT_PAGE);
  if (!limit.ok) return limit;
  const marker = route.query.get('marker') ?? '';
  const after = marker === '' ? '' : marker.slice(vaultArn(service, '').length);
  if (marker !== '' && (marker !== vaultArn(service, after) || !isVaultName(after))) {
    return fail(rejections.parameter('marker', marker));
  }
  const names = [...service.store.vaults.keys()].filter((name) => name > after).sort();
  const page = cut(names, limit.value - service.rules.pageShortfall, (name) => vaultArn(service, name));
  const vaults = page.items.flatMap((name) => service.store.vaults.get(name) ?? []);
  return ok(jsonAnswer({ Marker: page.marker, VaultList: vaults.map((vault) => describe(service, vault)) }));
};

/** Deleting a vault that does not exist succeeds, too. */
export const deleteVault: Operation = async (service, { route }) => {
  const { store, rules, clock } = service;
  const vault = store.vaults.get(route.vault);
  if (!vault) return ok({ ...doneAnswer(204), committed: false });
  const uploading = [...vault.uploads.values()].some((upload) => isOpen(upload, clock(), rules));
  if (uploading || !isKnownEmpty(vault, clock(), rules.inventoryLagMs)) {
    return fail(rejections.vaultNotEmpty(vaultArn(service, route.vault)));
  }
  await removeVault(store, vault);
  return ok(doneAnswer(204));
};

/** Counts are those of the last inventory; before the first one they are 0, and only its date is null. */
function describe(service: Service, vault: Vault): Record<string, unknown> {
  const inventory = lastInventory(vault, service.clock(), service.rules.inventoryLagMs);
  return {
    CreationDate: isoTime(vault.record.createdAt),
    LastInventoryDate: isoTime(inventory?.takenAt ?? null),
    NumberOfArchives: inventory?.archives.length ?? 0,
    SizeInBytes: inventorySize(inventory?.archives ?? []),
    VaultARN: vaultArn(service, vault.record.name),
    VaultName: vault.record.name,
  };
}
