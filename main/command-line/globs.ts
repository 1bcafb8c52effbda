import picomatch from 'picomatch';
import type { PathFilter } from '../core/ports.ts';
import type { Globs } from './paths.ts';

type Matches = (below: string) => boolean;

/**
 * What --include and --exclude say. A glob without a slash is compared with the name at any depth, one with a slash with the
 * path below what was named. A folder that is excluded goes with all that is in it; excluding goes before including.
 */
export class GlobFilter implements PathFilter {
  readonly #isIncluded: Matches;
  readonly #isExcluded: Matches;
  /** Files and folders that were passed over. */
  passedOver = 0;

  constructor({ include, exclude }: Globs) {
    this.#isIncluded = include.length === 0 ? () => true : anyOf(include);
    this.#isExcluded = anyOf(exclude);
  }

  /** Whether a file is taken, with all the folders that it is in. */
  means(below: string): boolean {
    const names = below.split('/');
    const folders = names.slice(1).map((_, depth) => names.slice(0, depth + 1).join('/'));
    return ![...folders, below].some(this.#isExcluded) && this.#isIncluded(below);
  }

  takes(below: string, what: 'file' | 'folder'): boolean {
    const isTaken = !this.#isExcluded(below) && (what === 'folder' || this.#isIncluded(below));
    if (!isTaken) this.passedOver += 1;
    return isTaken;
  }
}

function anyOf(globs: readonly string[]): Matches {
  const matchers = globs.map(matcherOf);
  return (below) => matchers.some((matches) => matches(below));
}

function matcherOf(glob: string): Matches {
  const pattern = glob.replace(/^\//, '').replace(/\/$/, '');
  const matches = picomatch(pattern, { dot: true });
  return glob.replace(/\/$/, '').includes('/') ? matches : (below) => matches(below.slice(below.lastIndexOf('/') + 1));
}
