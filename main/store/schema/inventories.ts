/** Inventories of vaults. */
export const inventories = /* sql */ `
  -- shared/inventory.ts, one column per field of the state; one row for each vault of which somebody wanted an inventory
  CREATE TABLE inventory (
    task_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL DEFAULT 'inventory' CHECK (kind = 'inventory'),
    wanted_at INTEGER NOT NULL,
    not_before INTEGER,

    phase TEXT NOT NULL CHECK (phase IN ('idle', 'wanted', 'requested', 'downloading', 'reconciling')),
    requested_at INTEGER CHECK (requested_at IS NULL OR phase = 'wanted'),
    job_id TEXT CHECK ((job_id IS NOT NULL) = (phase IN ('requested', 'downloading', 'reconciling'))),
    asked_at INTEGER CHECK ((asked_at IS NOT NULL) = (phase IN ('requested', 'downloading', 'reconciling'))),
    size INTEGER CHECK (size IS NULL OR phase = 'downloading'),
    received INTEGER CHECK ((received IS NOT NULL) = (phase = 'downloading')),
    inventory_at INTEGER CHECK ((inventory_at IS NOT NULL) = (phase = 'reconciling')),
    archives INTEGER CHECK ((archives IS NOT NULL) = (phase = 'reconciling')),
    reconciled INTEGER CHECK ((reconciled IS NOT NULL) = (phase = 'reconciling')),
    findings TEXT CHECK (findings IS NULL OR (phase = 'reconciling' AND json_valid(findings))),

    -- how the last one ended
    last_outcome TEXT CHECK (last_outcome IN ('reconciled', 'outdated', 'none')),
    last_ended_at INTEGER CHECK ((last_ended_at IS NOT NULL) = (last_outcome IS NOT NULL)),
    last_inventory_at INTEGER CHECK ((last_inventory_at IS NOT NULL) = (last_outcome IS 'reconciled' OR last_outcome IS 'outdated')),
    last_findings TEXT CHECK ((last_findings IS NOT NULL) = (last_outcome IS 'reconciled') AND json_valid(last_findings)),
    last_asked_at INTEGER CHECK ((last_asked_at IS NOT NULL) = (last_outcome IS NOT NULL)),
    last_job_id TEXT,
    newest_at INTEGER,
    FOREIGN KEY (task_id, kind, phase) REFERENCES task (id, kind, phase) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
  ) STRICT;
  CREATE UNIQUE INDEX inventory_place ON task (account_id, vault) WHERE kind = 'inventory';

  -- inventory jobs that were asked for to settle unconfirmed uploads; asking twice costs twice
  CREATE TABLE inventory_job (
    account_id TEXT NOT NULL,
    vault TEXT NOT NULL,
    job_id TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, vault)
  ) STRICT, WITHOUT ROWID;
`;
