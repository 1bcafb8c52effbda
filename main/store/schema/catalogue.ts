/** The catalogue: every archive that Firn knows of, and those that are gone. */
export const catalogue = /* sql */ `
  -- the catalogue; rows outlive uploads and accounts; newer archives have larger ids, and no id is ever given
  -- twice: an open dialog, or a selection, must not come to mean another archive
  CREATE TABLE archive (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    vault TEXT NOT NULL,
    archive_id TEXT NOT NULL,
    location TEXT NOT NULL,
    path TEXT,
    -- by what the path is looked for: shared/path-key.ts
    path_key TEXT CHECK ((path_key IS NULL) = (path IS NULL)),
    size INTEGER NOT NULL,
    modified_ns TEXT,
    tree_hash TEXT NOT NULL CHECK (length(tree_hash) = 64),
    description TEXT NOT NULL,
    stored_at INTEGER NOT NULL,

    -- what the description says besides: packingOf
    is_folder INTEGER NOT NULL CHECK (is_folder IN (0, 1)),
    compressed INTEGER NOT NULL CHECK (compressed IN (0, 1)),
    encrypted INTEGER NOT NULL CHECK (encrypted IN (0, 1)),
    -- bytes of the file before a tool compressed or encrypted it, where that is told
    original_size INTEGER,

    -- what inventories say of it: shared/archive.ts, standingOf
    told_by TEXT NOT NULL DEFAULT 'upload' CHECK (told_by IN ('upload', 'import', 'inventory')),
    -- the date of the newest inventory that lists it
    listed_at INTEGER,
    -- the date of the inventory that lists it no longer
    missing_at INTEGER,
    -- size and tree hash as the inventory tells them, when they are others than ours
    differs TEXT CHECK (differs IS NULL OR (json_valid(differs) AND listed_at IS NOT NULL)),
    UNIQUE (account_id, vault, archive_id)
  ) STRICT;
  CREATE INDEX archive_path ON archive (path_key, vault);
  CREATE INDEX archive_stored ON archive (stored_at);
  -- what an import told and no inventory has confirmed may be under the wrong vault
  CREATE INDEX archive_imported ON archive (archive_id) WHERE told_by = 'import' AND listed_at IS NULL;
  -- the newest archives of a vault
  CREATE INDEX archive_place ON archive (account_id, vault);
  -- few archives have these standings, and people look for them; last, because of indexes that seem as good SQLite takes the youngest
  CREATE INDEX archive_unlisted ON archive (account_id, vault) WHERE listed_at IS NULL;
  CREATE INDEX archive_differs ON archive (account_id, vault) WHERE differs IS NOT NULL;
  CREATE INDEX archive_missing ON archive (account_id, vault) WHERE missing_at IS NOT NULL;

  -- how many archives of each vault the catalogue has, and their bytes: counting a million takes too long
  CREATE TABLE vault_sum (
    account_id TEXT NOT NULL,
    vault TEXT NOT NULL,
    archives INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (account_id, vault)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER archive_counted AFTER INSERT ON archive BEGIN
    INSERT INTO vault_sum VALUES (new.account_id, new.vault, 1, new.size)
      ON CONFLICT DO UPDATE SET archives = archives + 1, bytes = bytes + excluded.bytes;
  END;
  CREATE TRIGGER archive_uncounted AFTER DELETE ON archive BEGIN
    UPDATE vault_sum SET archives = archives - 1, bytes = bytes - old.size WHERE account_id = old.account_id AND vault = old.vault;
  END;

  -- what Firn deleted or knows to be gone: inventories go on listing it for a day or two, and old exports for ever
  CREATE TABLE deleted_archive (
    account_id TEXT NOT NULL,
    vault TEXT NOT NULL,
    archive_id TEXT NOT NULL,
    deleted_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, vault, archive_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deleted_archive_last ON deleted_archive (account_id, vault, deleted_at);
`;
