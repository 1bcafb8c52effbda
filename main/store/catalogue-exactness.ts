import { SHORTENED, withSlashes } from '../../shared/description.ts';
import { SECOND } from '../../shared/units.ts';

/** A file as the catalogue, or somebody who tells of it, knows it. */
type Known = { path: string | null; modified_ns: string | null };

/** What is known, and what was told where nothing is known, or where letters of the name are lost. */
export function orElse(known: Known, told: Known): Known {
  const isMended = known.path !== null && told.path !== null && mends(told.path, known.path);
  return {
    path: isMended ? told.path : (known.path ?? told.path),
    modified_ns: known.modified_ns ?? told.modified_ns,
  };
}

/** The same, but what a description could not hold is taken from what was told: the beginning of the path, parts of a second. */
export function moreExactly(known: Known, told: Known): Known {
  return {
    path:
      known.path === null || (told.path !== null && (isPathOf(told.path, known.path) || mends(told.path, known.path)))
        ? told.path
        : known.path,
    modified_ns:
      known.modified_ns === null || (told.modified_ns !== null && isTimeOf(told.modified_ns, known.modified_ns))
        ? told.modified_ns
        : known.modified_ns,
  };
}

/** What decoders write where they cannot read. */
const LOST = '\ufffd';

/** Whether a path is the damaged one with letters in the place of those that are lost; each took at least one mark. */
function mends(path: string, damaged: string): boolean {
  if (!damaged.includes(LOST) || path.includes(LOST) || path.length > damaged.length) return false;
  const pieces = damaged.split(new RegExp(`${LOST}+`));
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  if (!path.startsWith(first) || !path.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = path.indexOf(piece, at + 1);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return path.length - last.length > at;
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
