import type { Line } from './entry.ts';

export type Separator = ',' | ';' | '\t';

/** `line` is the first of the row's. */
export type CsvRow = { line: number } & ({ fields: string[] } | { unreadable: string });

/** A row longer than this has lost a quote. */
const LONGEST_ROW = 64 * 1024;

/**
 * Joins lines to rows of CSV (RFC 4180). A quote that has lost its fellow costs one row: the lines after it are looked at
 * anew. csv-parse gives up the whole rest of the file then, and takes three times as long.
 */
export class CsvRows {
  readonly #fieldsOf: (row: string) => string[] | null;
  /** The lines of a row that has a quote without its fellow. */
  #open: { line: number; text: string }[] = [];
  #openLength = 0;
  #quotes = 0;

  constructor(separator: Separator) {
    this.#fieldsOf = fieldSplitter(separator);
  }

  take(line: Line): CsvRow[] {
    if ('unreadable' in line) return [line];
    this.#open.push(line);
    this.#openLength += line.text.length + 1;
    this.#quotes += countQuotes(line.text);
    if (this.#quotes % 2 === 0) return this.#close();
    return this.#openLength > LONGEST_ROW ? this.#giveUpFirst() : [];
  }

  end(): CsvRow[] {
    const rows: CsvRow[] = [];
    while (this.#open.length > 0) rows.push(...this.#giveUpFirst());
    return rows;
  }

  #close(): CsvRow[] {
    const lines = this.#reset();
    const line = lines[0]?.line ?? 1;
    const row = lines.map(({ text }) => text).join('\n');
    if (row.trim() === '') return [];
    const fields = this.#fieldsOf(row.replace(/\r$/, ''));
    return [fields ? { line, fields } : { line, unreadable: 'it is no row of CSV' }];
  }

  #giveUpFirst(): CsvRow[] {
    const [first, ...others] = this.#reset();
    const rows: CsvRow[] = first ? [{ line: first.line, unreadable: 'it is no row of CSV' }] : [];
    return [...rows, ...others.flatMap((line) => this.take(line))];
  }

  #reset(): { line: number; text: string }[] {
    const lines = this.#open;
    this.#open = [];
    this.#openLength = 0;
    this.#quotes = 0;
    return lines;
  }
}

function countQuotes(text: string): number {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes += 1;
  return quotes;
}

/** The fields of a row; null when what follows a closing quote is no separator. */
export function fieldSplitter(separator: Separator): (row: string) => string[] | null {
  const field = new RegExp(`(?:"([^"]*(?:""[^"]*)*)"|([^"${separator}][^${separator}]*|))(${separator}|$)`, 'sy');
  return (row) => {
    const fields: string[] = [];
    field.lastIndex = 0;
    for (let end: string = separator; end === separator;) {
      const match = field.exec(row);
      if (!match) return null;
      fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
      end = match[3] ?? '';
    }
    return fields;
  };
}
