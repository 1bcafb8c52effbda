/** Inventories of vaults. */
export const inventories = /* sql */ `
  -- one row for each vault of which somebody wanted an inventory
  CREATE TABLE inventory (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    vault TEXT NOT NULL,
    wanted_at INTEGER NOT NULL,
    -- only a job that was asked for later serves
    not_before INTEGER,

    -- progress: shared/inventory.ts, one column per field of the union
    phase TEXT NOT NULL CHECK (phase IN ('idle', 'wanted', 'requested', 'downloading', 'reconciling')),
    requested_at INTEGER CHECK (requested_at IS NULL OR phase = 'wanted'),
    job_id TEXT CHECK ((job_id IS NOT NULL) = (phase IN ('requested', 'downloading', 'reconciling'))),
    asked_at INTEGER CHECK ((asked_at IS NOT NULL) = (phase = 'requested')),
    size INTEGER CHECK (size IS NULL OR phase = 'downloading'),
    received INTEGER CHECK ((received IS NOT NULL) = (phase = 'downloading')),
    inventory_at INTEGER CHECK ((inventory_at IS NOT NULL) = (phase = 'reconciling')),
    archives INTEGER CHECK ((archives IS NOT NULL) = (phase = 'reconciling')),
    reconciled INTEGER CHECK ((reconciled IS NOT NULL) = (phase = 'reconciling')),
    hold TEXT CHECK (hold IS NULL OR (hold IN ('paused', 'backoff', 'failed') AND phase <> 'idle')),
    resume_at INTEGER CHECK ((resume_at IS NOT NULL) = (hold IS 'backoff')),
    attempt INTEGER CHECK ((attempt IS NOT NULL) = (hold IS 'backoff')),
    failure TEXT CHECK ((failure IS NOT NULL) = (hold IS 'backoff' OR hold IS 'failed')),

    -- what was found so far, as JSON
    findings TEXT CHECK (findings IS NULL OR (phase = 'reconciling' AND json_valid(findings))),

    -- how the last one ended
    last_outcome TEXT CHECK (last_outcome IN ('reconciled', 'outdated', 'none')),
    last_ended_at INTEGER CHECK ((last_ended_at IS NOT NULL) = (last_outcome IS NOT NULL)),
    last_inventory_at INTEGER CHECK ((last_inventory_at IS NOT NULL) = (last_outcome IS 'reconciled' OR last_outcome IS 'outdated')),
    last_findings TEXT CHECK ((last_findings IS NOT NULL) = (last_outcome IS 'reconciled')),
    last_job_id TEXT,
    -- the date of the newest that was reconciled
    newest_at INTEGER,
    UNIQUE (account_id, vault)
  ) STRICT;
  CREATE INDEX inventory_open ON inventory (wanted_at) WHERE phase <> 'idle';

  -- inventory jobs that were asked for to settle unconfirmed uploads; asking twice costs twice
  CREATE TABLE inventory_job (
    account_id TEXT NOT NULL,
    vault TEXT NOT NULL,
    job_id TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, vault)
  ) STRICT, WITHOUT ROWID;
`;
