/** Copies of the catalogue that come back from vaults. */
export const copies = /* sql */ `
  -- copies of the catalogue that inventories found in vaults, and what became of them: shared/catalogue-copy.ts
  CREATE TABLE copy_return (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id TEXT NOT NULL,
    vault TEXT NOT NULL,
    archive_id TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    -- settled: nobody need hear of it any more
    state TEXT NOT NULL CHECK (state IN ('offered', 'coming', 'back', 'failed', 'settled')),
    -- what the import did, or why there was none, as JSON
    outcome TEXT CHECK ((outcome IS NOT NULL) = (state IN ('back', 'failed')) AND (outcome IS NULL OR json_valid(outcome))),
    UNIQUE (account_id, vault, archive_id)
  ) STRICT;
`;
