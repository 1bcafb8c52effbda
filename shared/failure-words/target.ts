import { printable } from '../printable.ts';
import { formatBytes } from '../units.ts';
import type { Words } from './wording.ts';

/** Of the folder that a retrieval writes into, and of the file there. */
export type TargetFailure =
  /** `isAnother`: there is a folder, and not the one that was chosen. */
  | { kind: 'target-missing'; folder: string; isAnother?: boolean }
  /** `missingBytes`: so much more room is needed; null when that is not known. */
  | { kind: 'target-full'; folder: string; missingBytes: number | null }
  | { kind: 'target-exists'; path: string }
  | { kind: 'target-unusable'; path: string; detail: string };

export const targetWords: Words<TargetFailure> = {
  'target-missing': {
    title: ({ folder, isAnother }) =>
      isAnother === true
        ? `There is another folder than the one that was chosen: ${printable(folder)}.`
        : `The folder to retrieve into is not there: ${printable(folder)}.`,
    remedy: ({ isAnother }) =>
      isAnother === true
        ? 'Connect the drive that it was on. Nothing is put into the other folder.'
        : 'Connect its drive.',
    meanwhile: 'Firn goes on by itself then.',
  },
  'target-full': {
    title: ({ folder, missingBytes }) =>
      `There is no room left in ${printable(folder)}${missingBytes === null ? '' : `: ${formatBytes(missingBytes)} more are needed`}.`,
    remedy: 'Make some room. What was retrieved so far is kept.',
    meanwhile: 'Firn goes on by itself then.',
  },
  'target-exists': {
    title: ({ path }) => `There is a file with this name already: ${printable(path)}.`,
    remedy: (_, { surface }) =>
      surface === 'window'
        ? 'Choose "Keep both" or "Replace". Nothing was changed.'
        : 'Ask for it again with --existing keep-both or --existing replace. Nothing was changed.',
  },
  'target-unusable': {
    title: ({ path, detail }) => `The file cannot be written (${detail}): ${printable(path)}.`,
    remedy: (_, { retry }) => `Put that right, then ${retry}. What was retrieved so far is kept.`,
  },
};
