import { SHORTENED, withSlashes } from '../../shared/description.ts';
import { SECOND } from '../../shared/units.ts';

/** A file as the catalogue, or somebody who tells of it, knows it. */
type Known = { path: string | null; modified_ns: string | null };

/** What is known, and what was told where nothing is known. */
export function orElse(known: Known, told: Known): Known {
  return { path: known.path ?? told.path, modified_ns: known.modified_ns ?? told.modified_ns };
}

/** The same, but what a description could not hold is taken from what was told: the beginning of the path, parts of a second. */
export function moreExactly(known: Known, told: Known): Known {
  return {
    path: known.path === null || (told.path !== null && isPathOf(told.path, known.path)) ? told.path : known.path,
    modified_ns:
      known.modified_ns === null || (told.modified_ns !== null && isTimeOf(told.modified_ns, known.modified_ns))
        ? told.modified_ns
        : known.modified_ns,
  };
}

/** Whether a description of this path says what is known. */
function isPathOf(path: string, described: string): boolean {
  const slashed = withSlashes(path);
  return described.startsWith(SHORTENED) ? slashed.endsWith(described.slice(SHORTENED.length)) : slashed === described;
}

function isTimeOf(ns: string, described: string): boolean {
  const second = BigInt(SECOND) * 1_000_000n;
  return BigInt(described) % second === 0n && BigInt(ns) / second === BigInt(described) / second;
}
