export default /* sql */ `
  -- whether an archive is about to be deleted, asked for each row of the catalogue that is shown
  CREATE INDEX chore_archive_doomed ON chore_archive (archive_id) WHERE refusal IS NULL;
`;
