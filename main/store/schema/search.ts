/** What people can read of an archive. Descriptions of FastGlacier hold the path once more, in Base64, and a time. */
const words = (row: string, place: string): string =>
  `${row}path, iif(${row}path IS NOT NULL AND substr(${row}description, 1, 3) = '<m>', '', ${row}description), ${place}`;
const placeOf = (row: string): string => `(SELECT called FROM place WHERE id = ${row}place_id)`;

/**
 * The search index of the catalogue, without what nobody searches for: most of its size, and of the time that an archive takes.
 * Accents do not count, so that a name is found whether its system writes them as letters of their own (NFC) or apart (NFD).
 */
export const search = /* sql */ `
  CREATE VIEW archive_words (id, path, description, vault) AS SELECT id, ${words('', 'vault')} FROM archive;
  CREATE VIRTUAL TABLE archive_text USING fts5 (path, description, vault, content = 'archive_words', content_rowid = 'id', tokenize = 'trigram remove_diacritics 1');
  CREATE TRIGGER archive_added AFTER INSERT ON catalogue BEGIN
    INSERT INTO archive_text (rowid, path, description, vault) VALUES (new.id, ${words('new.', placeOf('new.'))});
  END;
  CREATE TRIGGER archive_removed AFTER DELETE ON catalogue BEGIN
    INSERT INTO archive_text (archive_text, rowid, path, description, vault) VALUES ('delete', old.id, ${words('old.', placeOf('old.'))});
  END;
  -- merging less often takes less time altogether, and the longest commit of an inventory half as long
  INSERT INTO archive_text (archive_text, rank) VALUES ('automerge', 8);
`;
