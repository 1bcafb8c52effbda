/**
 * One check switched off. `text` occurs exactly once in `file`, and with `instead` in its place one of `tests` must fail.
 * Paths from the root.
 */
export type Mutant = { what: string; file: string; text: string; instead: string; tests: readonly string[] };

type Change = readonly [what: string, text: string, instead: string];

export function mutantsOf(file: string, tests: readonly string[], changes: readonly Change[]): Mutant[] {
  return changes.map(([what, text, instead]) => ({
    what,
    file: `main/practice/${file}`,
    text,
    instead,
    tests: tests.map((name) => `test/practice/${name}.test.ts`),
  }));
}
