import type { Failure } from './failure.ts';

/** Files and folders that the user chose or dropped. Main keeps the paths; the window holds this name for them. */
export type SelectionId = string & { readonly __brand: 'SelectionId' };

export type Selection = { id: SelectionId; names: string[] };

/** A file that will not be uploaded, and why. */
export type LeftOut = { path: string; failure: Failure };

/** Of the files that are uploaded, those that people may not expect to be. */
export type Unexpected = {
  /** Another file waits in the queue under the same name, and stays there. */
  beside: number;
  /** An earlier upload of them stopped because they changed; this one takes its place. */
  instead: number;
  /** None of their bytes seems to be on this computer. */
  placeholders: number;
};

/** What would be uploaded, before anything starts. Sizes in bytes. */
export type Preview = Unexpected & {
  files: number;
  bytes: number;
  /** The part sizes in use, smallest first, with the number of files for each. */
  partSizes: { partSize: number; files: number }[];
  parts: number;
  /** Requests that Amazon bills: initiate, parts and complete of each file. */
  requests: number;
  largest: { path: string; size: number; partSize: number } | null;
  /** In this state they are archives of the vault already, or queued for it. */
  alreadyThere: number;
  /** At most 100 of them; `leftOutCount` counts all. */
  leftOut: LeftOut[];
  leftOutCount: number;
};

export type Enqueued = { added: number; bytes: number; alreadyThere: number; leftOut: LeftOut[]; leftOutCount: number };

/**
 * `stopped`: why the rest was not added; null when it was. `noFiles`: of those that were left out, the links, devices and the
 * like, which nobody means who chooses a folder.
 */
export type EnqueuedUploads = Enqueued & Unexpected & { stopped: Failure | null; noFiles: number };

/** A file that is read to see whether it is an archive already. Sizes in bytes. */
export type Comparing = { path: string; size: number; hashed: number };
