import { join } from 'node:path';
import { isSamePath, slashed } from '../../shared/path-key.ts';

/** Where a file is now whose folder, or who itself, went from one place to another; null when it was not there. */
export function movedPath(path: string, from: string, to: string, foldsCase: boolean): string | null {
  const segments = segmentsOf(path);
  const root = segmentsOf(from);
  if (segments.length < root.length) return null;
  const isBelow = isSamePath(segments.slice(0, root.length).join('/'), root.join('/'), foldsCase);
  return isBelow ? join(to, ...segments.slice(root.length)) : null;
}

/** What moved, when the file at `was` is the one at `is`: all but the end that both paths have in common. */
export function commonMove(was: string, is: string, foldsCase: boolean): { from: string; to: string } {
  let from = was;
  let to = is;
  for (;;) {
    const [fromParent, fromName] = splitLast(from);
    const [toParent, toName] = splitLast(to);
    const isEnd = fromParent === '' || toParent === '';
    if (isEnd || !isSamePath(fromName, toName, foldsCase) || slashed(from) === slashed(to)) return { from, to };
    from = fromParent;
    to = toParent;
  }
}

/** The ends of a path, the longest first: `a/b/c.raw`, `b/c.raw`, `c.raw`. */
export function endsOf(path: string): string[] {
  const segments = segmentsOf(path).filter((segment) => segment !== '');
  return segments.map((_, index) => segments.slice(index).join('/'));
}

function segmentsOf(path: string): string[] {
  return slashed(path).replace(/\/+$/, '').split('/');
}

/** Parent and name; no parent for a root. */
function splitLast(path: string): [parent: string, name: string] {
  const cut = Math.max(path.lastIndexOf('/'), slashed(path) === path ? -1 : path.lastIndexOf('\\'));
  return cut <= 0 ? ['', path] : [path.slice(0, cut), path.slice(cut + 1)];
}
