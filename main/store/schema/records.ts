/** What Firn keeps about its own records. */
export const records = /* sql */ `
  -- what the user is to be told until it is dismissed; a kind of shared/notice.ts as JSON
  CREATE TABLE notice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    notice TEXT NOT NULL CHECK (json_valid(notice))
  ) STRICT;

  -- how far the journal of archives and the catalogue were found to agree: the bytes of the journal, how they end, and the
  -- newest archive; no row when that is in doubt
  CREATE TABLE journal_mark (
    only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    ending BLOB NOT NULL,
    newest_archive INTEGER NOT NULL
  ) STRICT;
`;
