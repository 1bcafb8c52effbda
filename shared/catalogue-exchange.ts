/** `json` is JSON Lines; `html` is a record to print. docs/catalogue-formats.md describes them. */
export const EXPORT_FORMATS = ['csv', 'json', 'html'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Sizes in bytes, of the archives. */
export type Exported = { archives: number; bytes: number };

export type LineProblem = { line: number; reason: string };

/** What an import did. Counts are archives, apart from `problemCount` and `windows1252`, which are lines. */
export type Imported = {
  added: number;
  /** Were in the catalogue and got a name, a time, a description or a location that they lacked. */
  completed: number;
  alreadyThere: number;
  /** Left out, because the file or Firn's own records say that they were deleted. */
  deleted: number;
  problemCount: number;
  /** Lines that are no text in UTF-8 and were read as Windows-1252. */
  windows1252: number;
  /** What is counted where a problem is: an inventory in JSON has entries. */
  countedBy: 'line' | 'entry';
  /** The first 100 of them. */
  problems: LineProblem[];
};
