export default /* sql */ `
  -- an emptying takes its inventory as everybody does, and compares nothing by itself
  ALTER TABLE chore DROP COLUMN job_id;
  ALTER TABLE chore ADD COLUMN inventory_after INTEGER CHECK (inventory_after IS NULL OR phase = 'listing');

  -- what came since, and what left a vault last, without looking at all there is
  CREATE INDEX archive_stored ON archive (stored_at);
  CREATE INDEX deleted_archive_last ON deleted_archive (account_id, vault, deleted_at);
`;
