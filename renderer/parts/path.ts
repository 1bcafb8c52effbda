import { printable } from '../../shared/failure.ts';

/** The last part of a path of any system, with control characters visible. */
export function fileName(path: string): string {
  return printable(path.slice(lastSlash(path) + 1) || path);
}

/** The folder of a path without the slash at its end; empty when there is none. */
export function folderOf(path: string): string {
  const slash = lastSlash(path);
  return printable(slash > 0 ? path.slice(0, slash) : path.slice(0, slash + 1));
}

/** A text cut in two, so that the middle can give way and its end stays readable. */
export function splitMiddle(text: string, tailLength: number): { head: string; tail: string } {
  if (text.length <= 2 * tailLength) return { head: text, tail: '' };
  const cut = graphemes.segment(text).containing(text.length - tailLength)?.index ?? text.length - tailLength;
  return { head: text.slice(0, cut), tail: text.slice(cut) };
}

const graphemes = new Intl.Segmenter();

/** Backslashes count only where paths begin like Windows': elsewhere they belong to names. */
function lastSlash(path: string): number {
  const windows = /^([A-Za-z]:[\\/]|\\\\)/.test(path);
  return windows ? Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) : path.lastIndexOf('/');
}
