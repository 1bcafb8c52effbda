import { join } from 'node:path';
import type { PracticeRules } from '../../rules.ts';
import { type RecordOf, writeRecord } from './records.ts';
import { type Store, type Vault, discard, draftFolder, publish } from './store.ts';

/** The vault of that name; a new one when there was none. */
export async function createVault(store: Store, name: string, now: number): Promise<Vault> {
  const existing = store.vaults.get(name);
  if (existing) return existing;
  const record: RecordOf<'vault.json'> = {
    name,
    createdAt: now,
    tags: {},
    notifications: null,
    accessPolicy: null,
    lock: null,
    forgottenChangeAt: null,
  };
  const draft = await draftFolder(store, 'vault.json', record, ['uploads', 'archives', 'jobs']);
  const folder = await publish(draft, join(store.folder, 'vaults'), name);
  const vault: Vault = { folder, record, uploads: new Map(), archives: new Map(), jobs: new Map() };
  store.vaults.set(name, vault);
  return vault;
}

export async function updateVault(vault: Vault, change: Partial<RecordOf<'vault.json'>>): Promise<void> {
  const record = { ...vault.record, ...change };
  await writeRecord(vault.folder, 'vault.json', record);
  vault.record = record;
}

export async function deleteVault(store: Store, vault: Vault): Promise<void> {
  await discard(store, vault.folder);
  store.vaults.delete(vault.record.name);
}

export type Lock = NonNullable<RecordOf<'vault.json'>['lock']>;

/** The lock of a vault; one that was not completed in time has vanished. */
export function currentLock({ record: { lock } }: Vault, now: number, rules: PracticeRules): Lock | null {
  return lock?.state === 'InProgress' && now >= lock.createdAt + rules.lockWindowMs ? null : lock;
}
