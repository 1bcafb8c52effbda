import { printable } from '../printable.ts';
import type { Words } from './wording.ts';

/** Of a bucket and what is in it. `name`: what an object is called there. */
export type BucketFailure =
  /** `object`: what has the name, as its place refers to it. */
  | { kind: 'name-taken'; name: string; object: string }
  /** Amazon keeps it from everybody for a time that was set when it was stored, or until a legal hold is lifted. */
  | { kind: 'object-locked'; name: string; message: string }
  /** The key that the bucket encrypts with cannot be used. */
  | { kind: 'encryption-key'; message: string };

export const bucketWords: Words<BucketFailure> = {
  'name-taken': {
    title: ({ name }) => `Something else is stored under this name already: ${printable(name)}.`,
    remedy: (_, { retry }) =>
      `Firn overwrites nothing. Move or delete what is there, or rename the file; then ${retry}.`,
  },
  'object-locked': {
    title: ({ name, message }) => `Amazon keeps this from being deleted: ${printable(name)} (${message})`,
    remedy: (_, { retry }) => `Wait until its lock has ended, or have its legal hold lifted; then ${retry}.`,
  },
  'encryption-key': {
    title: ({ message }) => `The key that the bucket encrypts with cannot be used: ${message}`,
    remedy: (_, { retry }) => `Have it enabled again by whoever manages the keys of the account, then ${retry}.`,
  },
};
