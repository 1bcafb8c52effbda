export default /* sql */ `
  -- what inventories say of each archive: shared/archive.ts, standingOf
  ALTER TABLE archive ADD COLUMN told_by TEXT NOT NULL DEFAULT 'upload' CHECK (told_by IN ('upload', 'import', 'inventory'));
  -- the date of the newest inventory that lists it
  ALTER TABLE archive ADD COLUMN listed_at INTEGER;
  -- the date of the inventory that lists it no longer
  ALTER TABLE archive ADD COLUMN missing_at INTEGER;
  -- size and tree hash as the inventory tells them, when they are others than ours
  ALTER TABLE archive ADD COLUMN differs TEXT CHECK (differs IS NULL OR (json_valid(differs) AND listed_at IS NOT NULL));
`;
