import type { Described } from '../../../shared/description.ts';

/**
 * `below`: the path below what was added by hand, with slashes; the file's name when it was added itself. `modifiedAt` in
 * milliseconds since 1970.
 */
export type NamedFile = { path: string; below: string; modifiedAt: number };

/** What the service keeps of a file's name and time, and back. */
export interface NameCodec {
  /** Never longer than the service takes, and the same for the same file, so that a lost request can be found again. */
  encode(file: NamedFile): string;
  /** Null when it was not written in any known way. What comes back is untrusted: `shared/safe-path.ts`. */
  decode(name: string): Described | null;
}
