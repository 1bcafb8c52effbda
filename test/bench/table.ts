/** One line of the result. */
export type Row = { what: string; value: string; note: string };

export function printTable(rows: readonly Row[]): void {
  const widthOf = (key: keyof Row): number => Math.max(...rows.map((row) => row[key].length));
  const [what, value] = [widthOf('what'), widthOf('value')];
  for (const row of rows) console.log(`${row.what.padEnd(what)}  ${row.value.padStart(value)}  ${row.note}`);
}
