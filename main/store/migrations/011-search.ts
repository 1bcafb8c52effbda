/** What people can read of an archive. Descriptions of FastGlacier hold the path once more, in Base64, and a time. */
const words = (row: string): string =>
  `${row}path, iif(${row}path IS NOT NULL AND substr(${row}description, 1, 3) = '<m>', '', ${row}description), ${row}vault`;

export default /* sql */ `
  -- the search index without what nobody searches for: most of its size, and of the time that an archive takes
  DROP TRIGGER archive_added;
  DROP TRIGGER archive_removed;
  DROP TABLE archive_text;
  CREATE VIEW archive_words (id, path, description, vault) AS SELECT id, ${words('')} FROM archive;
  CREATE VIRTUAL TABLE archive_text USING fts5 (path, description, vault, content = 'archive_words', content_rowid = 'id', tokenize = 'trigram');
  CREATE TRIGGER archive_added AFTER INSERT ON archive BEGIN
    INSERT INTO archive_text (rowid, path, description, vault) VALUES (new.id, ${words('new.')});
  END;
  CREATE TRIGGER archive_removed AFTER DELETE ON archive BEGIN
    INSERT INTO archive_text (archive_text, rowid, path, description, vault) VALUES ('delete', old.id, ${words('old.')});
  END;
  -- merging less often takes less time altogether, and the longest commit of an inventory half as long
  INSERT INTO archive_text (archive_text, rank) VALUES ('automerge', 8);
  INSERT INTO archive_text (archive_text) VALUES ('rebuild');

  -- the newest archives of a vault
  CREATE INDEX archive_place ON archive (account_id, vault);
  -- made again: of indexes that seem as good SQLite takes the youngest, and these hold next to nothing
  DROP INDEX archive_missing;
  DROP INDEX archive_differs;
  DROP INDEX archive_unlisted;
  CREATE INDEX archive_unlisted ON archive (account_id, vault) WHERE listed_at IS NULL;
  CREATE INDEX archive_differs ON archive (account_id, vault) WHERE differs IS NOT NULL;
  CREATE INDEX archive_missing ON archive (account_id, vault) WHERE missing_at IS NOT NULL;
`;
