import { type Line, LineSplitter } from './lines.ts';

export type CsvDialect = {
  separator: ',' | ';' | '\t';
  /** `doubled` as in RFC 4180; `backslash` as in Glacier's inventories, in which no field goes over the end of a line. */
  quotes: 'doubled' | 'backslash';
};

/** `line` is the first of the row's. Null: it cannot be read. */
export type CsvRow = { line: number; fields: string[] | null };

/** A row longer than this has lost a quote. */
const LONGEST_ROW = 64 * 1024;

/** Cuts text that comes in pieces into rows. */
export class CsvSplitter {
  readonly #lines = new LineSplitter();
  readonly #dialect: CsvDialect;
  readonly #fieldsOf: (row: string) => string[] | null;
  /** The lines of a row that has a quote without its fellow. */
  #open: { line: number; text: string }[] = [];
  #openLength = 0;
  #quotes = 0;

  constructor(dialect: CsvDialect) {
    this.#dialect = dialect;
    this.#fieldsOf = fieldSplitter(dialect);
  }

  push(text: string): CsvRow[] {
    return this.#lines.push(text).flatMap((line) => this.#take(line));
  }

  end(): CsvRow[] {
    const rows = this.#lines.end().flatMap((line) => this.#take(line));
    while (this.#open.length > 0) rows.push(...this.#giveUpFirst());
    return rows;
  }

  #take({ line, text }: Line): CsvRow[] {
    if (text === null) return [{ line, fields: null }];
    this.#open.push({ line, text });
    this.#openLength += text.length + 1;
    this.#quotes += countQuotes(text);
    if (this.#dialect.quotes === 'backslash' || this.#quotes % 2 === 0) return this.#close();
    return this.#openLength > LONGEST_ROW ? this.#giveUpFirst() : [];
  }

  #close(): CsvRow[] {
    const lines = this.#reset();
    const row = lines.map(({ text }) => text).join('\n');
    return row.trim() === '' ? [] : [{ line: lines[0]?.line ?? 1, fields: this.#fieldsOf(row.replace(/\r$/, '')) }];
  }

  /** The quote in the first line was none: the lines after it are looked at anew. */
  #giveUpFirst(): CsvRow[] {
    const [first, ...others] = this.#reset();
    const rows: CsvRow[] = first ? [{ line: first.line, fields: null }] : [];
    return [...rows, ...others.flatMap((line) => this.#take(line))];
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
export function fieldSplitter({ separator, quotes }: CsvDialect): (row: string) => string[] | null {
  const [quoted, escaped] =
    quotes === 'doubled' ? ['"([^"]*(?:""[^"]*)*)"', '""'] : ['"([^"\\\\]*(?:\\\\.[^"\\\\]*)*)"', '\\"'];
  const field = new RegExp(`(?:${quoted}|([^"${separator}][^${separator}]*|))(${separator}|$)`, 'sy');
  return (row) => {
    const fields: string[] = [];
    field.lastIndex = 0;
    for (let end: string = separator; end === separator;) {
      const match = field.exec(row);
      if (!match) return null;
      fields.push(match[1]?.replaceAll(escaped, '"') ?? match[2] ?? '');
      end = match[3] ?? '';
    }
    return fields;
  };
}
