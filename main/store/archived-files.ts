import type { AccountId } from '../../shared/account.ts';
import { pathKey } from '../../shared/path-key.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { SourceFile, SourceIdentity } from '../core/ports.ts';
import type { ArchivedFile, ArchivedFiles } from '../core/store-ports.ts';
import type { Db } from './database.ts';

type Row = {
  id: number;
  path: string;
  tree_hash: TreeHash;
  modified_ns: string | null;
  checked_ns: string | null;
};

/** What catalogue and checks tell of local files. */
export class ArchivedFileStore implements ArchivedFiles {
  readonly #sql: ReturnType<typeof statements>;

  constructor(db: Db) {
    this.#sql = statements(db);
  }

  of(accountId: AccountId, vault: string, { path, identity }: SourceFile): ArchivedFile[] {
    return this.#sql.of.all(pathKey(path), vault, accountId, identity.size).map((row) => ({
      archive: row.id,
      path: row.path,
      treeHash: row.tree_hash,
      times: [row.modified_ns, row.checked_ns].filter((time) => time !== null),
    }));
  }

  confirm(archive: number, { size, modifiedNs, fileId }: SourceIdentity, at: number): void {
    this.#sql.confirm.run({ archive, size, modifiedNs, fileId, at });
  }
}

function statements(db: Db) {
  return {
    // CROSS JOIN: by its path first, since a whole vault is much to look at for each file.
    of: db.prepare<[string, string, string, number], Row>(
      `SELECT archive.id, path, tree_hash, modified_ns,
         iif(outcome ->> 'kind' = 'same' AND outcome ->> 'treeHash' = tree_hash, outcome ->> '$.file.modifiedNs', NULL) AS checked_ns
       FROM catalogue AS archive CROSS JOIN place ON place.id = archive.place_id
         LEFT JOIN local_check ON local_check.account_id = place.account_id AND local_check.vault = place.called
           AND local_check.archive_id = archive.archive_id
       WHERE path_key = ? AND place.called = ? AND place.account_id IN (SELECT same_id FROM same_account WHERE account_id = ?) AND size = ?`,
    ),
    confirm: db.prepare<[SourceIdentity & { archive: number; at: number }]>(
      `INSERT OR REPLACE INTO local_check (account_id, vault, archive_id, checked_at, outcome)
       SELECT account_id, vault, archive_id, @at, json_object('kind', 'same', 'treeHash', tree_hash,
         'file', json_object('size', @size, 'modifiedNs', @modifiedNs, 'fileId', @fileId))
       FROM archive WHERE id = @archive`,
    ),
  };
}
