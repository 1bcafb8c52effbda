import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { AccountStore } from '../../main/store/accounts.ts';
import { ArchivedFileStore } from '../../main/store/archived-files.ts';
import { CatalogueStore } from '../../main/store/catalogue.ts';
import { openDatabase } from '../../main/store/database.ts';
import { TaskStore } from '../../main/store/tasks/task-store.ts';
import { UploadStore } from '../../main/store/uploads.ts';
import { uploadKind } from '../../main/uploads/upload-kind.ts';
import type { NewUpload } from '../../main/core/store-ports.ts';
import type { Account, AccountId } from '../../shared/account.ts';
import { writeDescription } from '../../shared/description.ts';
import { MiB } from '../../shared/units.ts';
import type { TreeHash, UploadId } from '../../shared/upload.ts';

export const account: Account = {
  id: randomUUID() as AccountId,
  name: 'Test',
  source: { kind: 'environment' },
  region: 'eu-central-1',
  endpointUrl: null,
  number: null,
};

/** Real stores over a database in memory, with one account. */
export function openStores() {
  const db = openDatabase(':memory:');
  onTestFinished(() => {
    db.close();
  });
  const catalogue = new CatalogueStore(db);
  const accounts = new AccountStore(db);
  accounts.put(account, null, 1);
  const tasks = new TaskStore(db, [uploadKind]);
  const uploads = new UploadStore(db, catalogue, tasks);
  return { db, catalogue, accounts, tasks, uploads, archived: new ArchivedFileStore(db) };
}

export function newUpload(
  changes: { path?: string; size?: number; partSize?: number; vault?: string } = {},
): NewUpload {
  const { path = '/photos/a.raw', size = 3 * MiB, partSize = MiB, vault = 'photos' } = changes;
  const identity = { size, modifiedNs: '1700000000123456789', fileId: '1:2' };
  return {
    accountId: account.id,
    vault,
    partSize,
    source: { path, identity },
    description: writeDescription({ path, modifiedAt: 1_700_000_000_123 }),
  };
}

export function add(uploads: UploadStore, changes: Parameters<typeof newUpload>[0] = {}): UploadId {
  const [id] = uploads.add([newUpload(changes)], 1);
  if (id === undefined) throw new Error('Nothing was added');
  return id;
}

export function hash(digit: string): TreeHash {
  return digit.repeat(64) as TreeHash;
}
