import type { Failure } from './failure.ts';

/** Files and folders that the user chose or dropped. Main keeps the paths; the window holds this name for them. */
export type SelectionId = string & { readonly __brand: 'SelectionId' };

export type Selection = { id: SelectionId; names: string[] };

/** A file that will not be uploaded, and why. */
export type LeftOut = { path: string; failure: Failure };

/** What would be uploaded, before anything starts. Sizes in bytes. */
export type Preview = {
  files: number;
  bytes: number;
  /** The part sizes in use, smallest first, with the number of files for each. */
  partSizes: { partSize: number; files: number }[];
  parts: number;
  /** Requests that Amazon bills: initiate, parts and complete of each file. */
  requests: number;
  largest: { path: string; size: number; partSize: number } | null;
  /** Already in the catalogue unchanged, or already queued. */
  alreadyThere: number;
  /** At most 100 of them; `leftOutCount` counts all. */
  leftOut: LeftOut[];
  leftOutCount: number;
};

export type Enqueued = { added: number; bytes: number; alreadyThere: number; leftOut: LeftOut[]; leftOutCount: number };
