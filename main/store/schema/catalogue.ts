/** The catalogue: every archive that Firn knows of, and those that are gone. */
export const catalogue = /* sql */ `
  -- the catalogue; rows outlive uploads and accounts; newer archives have larger ids, and no id is ever given
  -- twice: an open dialog, or a selection, must not come to mean another archive
  CREATE TABLE catalogue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    place_id INTEGER NOT NULL REFERENCES place (id),
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
    UNIQUE (place_id, archive_id)
  ) STRICT;
  CREATE INDEX archive_path ON catalogue (path_key, place_id);
  CREATE INDEX archive_stored ON catalogue (stored_at);
  -- what an import told and no inventory has confirmed may be under the wrong vault
  CREATE INDEX archive_imported ON catalogue (archive_id) WHERE told_by = 'import' AND listed_at IS NULL;
  -- the newest archives of a place
  CREATE INDEX archive_place ON catalogue (place_id);
  -- few archives have these standings, and people look for them; last, because of indexes that seem as good SQLite takes the youngest
  CREATE INDEX archive_unlisted ON catalogue (place_id) WHERE listed_at IS NULL;
  CREATE INDEX archive_differs ON catalogue (place_id) WHERE differs IS NOT NULL;
  CREATE INDEX archive_missing ON catalogue (place_id) WHERE missing_at IS NOT NULL;

  -- the same with the place that each is in
  CREATE VIEW archive AS SELECT catalogue.*, place.account_id, place.region, place.called AS vault
    FROM catalogue JOIN place ON place.id = catalogue.place_id;

  -- how many archives of each place the catalogue has, and their bytes: counting a million takes too long
  CREATE TABLE place_sum (
    place_id INTEGER PRIMARY KEY REFERENCES place (id),
    archives INTEGER NOT NULL,
    bytes INTEGER NOT NULL
  ) STRICT;
  CREATE TRIGGER archive_counted AFTER INSERT ON catalogue BEGIN
    INSERT INTO place_sum VALUES (new.place_id, 1, new.size)
      ON CONFLICT DO UPDATE SET archives = archives + 1, bytes = bytes + excluded.bytes;
  END;
  CREATE TRIGGER archive_uncounted AFTER DELETE ON catalogue BEGIN
    UPDATE place_sum SET archives = archives - 1, bytes = bytes - old.size WHERE place_id = old.place_id;
  END;
  CREATE VIEW vault_sum AS SELECT place_id, account_id, called AS vault, archives, bytes
    FROM place_sum JOIN place ON place.id = place_sum.place_id;

  -- what Firn deleted or knows to be gone: inventories go on listing it for a day or two, and old exports for ever
  CREATE TABLE catalogue_deletion (
    place_id INTEGER NOT NULL REFERENCES place (id),
    archive_id TEXT NOT NULL,
    deleted_at INTEGER NOT NULL,
    PRIMARY KEY (place_id, archive_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX catalogue_deletion_last ON catalogue_deletion (place_id, deleted_at);
  CREATE VIEW deleted_archive AS SELECT place_id, account_id, called AS vault, archive_id, deleted_at
    FROM catalogue_deletion JOIN place ON place.id = catalogue_deletion.place_id;
`;
