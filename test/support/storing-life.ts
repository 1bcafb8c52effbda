// Stores one archive after the other and backs up all the time, until it is killed. Says each path once it is committed.
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { AccountStore } from '../../main/store/accounts.ts';
import { copyInThread, makeBackup } from '../../main/store/backup.ts';
import { CatalogueStore } from '../../main/store/catalogue.ts';
import { openRecords } from '../../main/store/records.ts';
import { UploadStore } from '../../main/store/uploads.ts';
import type { Account } from '../../shared/account.ts';
import { HOUR, MiB } from '../../shared/units.ts';
import type { ArchiveId, MultipartUploadId, TreeHash } from '../../shared/upload.ts';

const [folder = '', threadFile = '', begin = '0'] = process.argv.slice(2);
const copy = copyInThread(threadFile);
const log = (): void => undefined;
const clock = { now: () => Number(begin), after: () => log };
const { db, recorder } = await openRecords({ folder, clock, copy, log });
const uploads = new UploadStore(db, new CatalogueStore(db, recorder));
const accounts = new AccountStore(db);
const account: Account = accounts.list()[0] ?? {
  id: randomUUID() as Account['id'],
  name: 'Test',
  source: { kind: 'environment' },
  region: 'eu-central-1',
  endpointUrl: null,
  number: null,
};
accounts.put(account, null, 1);

void backUpForEver();
for (;;) {
  storeOne(`/${randomUUID()}`);
  await setImmediate();
}

async function backUpForEver(): Promise<void> {
  for (let at = Number(begin); ; at += HOUR) {
    await makeBackup(
      { file: join(folder, 'firn.db'), folder: join(folder, 'backups'), at, beforeMigrationOf: null },
      copy,
      log,
    );
  }
}

function storeOne(path: string): void {
  const identity = { size: MiB, modifiedNs: '1', fileId: '1:1' };
  const file = { accountId: account.id, vault: 'photos', source: { path, identity }, description: path, partSize: MiB };
  for (const id of uploads.add([file], 1)) {
    const archiveId = `archive of ${path}` as ArchiveId;
    uploads.apply(id, { kind: 'multipart-initiated', multipartUploadId: id as unknown as MultipartUploadId, at: 1 });
    uploads.apply(id, { kind: 'parts-uploaded', treeHash: 'a'.repeat(64) as TreeHash, at: 2 });
    uploads.apply(id, { kind: 'completed', archiveId, at: 3 }, { location: path, region: account.region, storedAt: 3 });
    writeSync(1, `${path}\n`);
  }
}
