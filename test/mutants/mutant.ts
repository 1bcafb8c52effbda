/**
 * One check switched off. `text` occurs exactly once in `file`, and with `instead` in its place one of `tests` must fail.
 * Paths from the root.
 */
export type Mutant = { what: string; file: string; text: string; instead: string; tests: readonly string[] };

type Change = readonly [what: string, text: string, instead: string];
type MutantsOf = (file: string, tests: readonly string[], changes: readonly Change[]) => Mutant[];

function mutantsBelow(sources: string, tests: string): MutantsOf {
  return (file, names, changes) =>
    changes.map(([what, text, instead]) => ({
      what,
      file: `${sources}/${file}`,
      text,
      instead,
      tests: names.map((name) => `${tests}/${name}.test.ts`),
    }));
}

/** Of the practice vault, and its own tests. */
export const practiceMutants = mutantsBelow('main/practice', 'test/practice');
/** Of the application, and any tests. */
export const mainMutants = mutantsBelow('main', 'test');
export const sharedMutants = mutantsBelow('shared', 'test');
