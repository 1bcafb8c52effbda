import { type Check, type Row, holds } from './bench.ts';

/** A benchmark's rows under its name. */
export type Section = { name: string; about: string; rows: readonly Row[] };

/** One table: first what Firn must hold, over all sections, then the rest of each. */
export function printTable(sections: readonly Section[]): void {
  const all = sections.flatMap(({ rows }) => rows);
  const checks = all.filter((row) => row.check !== undefined);
  const widthOf = (key: 'what' | 'value'): number => Math.max(0, ...all.map((row) => row[key].length));
  const [what, value] = [widthOf('what'), widthOf('value')];
  const line = (row: Row): string => `  ${row.what.padEnd(what)}  ${row.value.padStart(value)}  ${row.note}`.trimEnd();
  const print = (title: string, rows: readonly Row[]): void => {
    if (rows.length > 0) console.log([title, ...rows.map(line), ''].join('\n'));
  };
  print('What Firn must hold', checks.map(withVerdict));
  for (const { name, about, rows } of sections) {
    const others = rows.filter((row) => row.check === undefined);
    print(`${name}: ${about}`, others);
  }
}

function withVerdict(row: Row): Row {
  return row.check ? { ...row, note: [verdictOn(row.check), row.note].filter((part) => part !== '').join('; ') } : row;
}

function verdictOn(check: Check): string {
  const bound = 'atLeast' in check ? `at least ${check.atLeast}` : `at most ${check.atMost}`;
  const words = { true: 'held', false: 'NOT HELD', null: 'not measured' }[String(holds(check)) as 'true'];
  return `${words} (${bound})`;
}
