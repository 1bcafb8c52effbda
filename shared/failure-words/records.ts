import { printable } from '../printable.ts';
import type { Words } from './wording.ts';

/** What keeps a folder from holding Firn's records. */
export type FolderProblem = 'full' | 'not-a-folder' | 'not-allowed' | 'read-only' | 'other';

/** Of Firn's own records and of what is asked of Firn. */
export type RecordsFailure =
  | { kind: 'disk-full'; path: string }
  /** The database can be neither read nor written for now, and is not damaged as far as that shows. */
  | { kind: 'records-unusable'; file: string; detail: string }
  | { kind: 'data-folder-busy'; folder: string }
  | { kind: 'data-folder-unusable'; folder: string; problem: FolderProblem; detail: string }
  | { kind: 'database-newer'; file: string }
  | { kind: 'database-damaged'; file: string; detail: string }
  | { kind: 'invalid-input'; detail: string }
  /** What somebody confirmed is not any more what they were shown. `detail`: a sentence. */
  | { kind: 'choice-changed'; detail: string }
  | { kind: 'not-found'; what: string }
  | { kind: 'unexpected'; detail: string };

const problemWords: Readonly<Record<FolderProblem, { what: (folder: string) => string; cure: string }>> = {
  full: {
    what: (folder) => `There is no room left on the disk for Firn's records in ${folder}`,
    cure: 'Make some room',
  },
  'not-a-folder': {
    what: (folder) => `Firn cannot keep its records in ${folder}, because a file is where a folder should be`,
    cure: 'Move that file away',
  },
  'not-allowed': {
    what: (folder) => `Firn may not write its records in ${folder}`,
    cure: 'Give your user account the right to write there',
  },
  'read-only': {
    what: (folder) =>
      `Firn cannot write its records in ${folder}, because it is on a read-only drive or is write-protected`,
    cure: 'Make it writable',
  },
  other: { what: (folder) => `Firn cannot use its records in ${folder}`, cure: 'Check the drive that it is on' },
};

export const recordsWords: Words<RecordsFailure> = {
  'disk-full': {
    title: ({ path }) => `There is no room left on the disk for Firn's records (${printable(path)}).`,
    remedy: 'Make some room. Nothing was lost.',
    meanwhile: 'Firn goes on by itself then.',
  },
  'records-unusable': {
    title: ({ file, detail }) => `Firn's records in ${printable(file)} cannot be read or written (${detail}).`,
    remedy: 'Check the drive that they are on. Nothing was lost.',
    meanwhile: 'Everything waits, and goes on by itself when they can be used again.',
  },
  'data-folder-busy': {
    title: ({ folder }) => `Another Firn is already working with ${printable(folder)}.`,
    remedy: 'Use that one, or close it first. Nothing was changed.',
  },
  'data-folder-unusable': {
    title: ({ folder, problem, detail }) => `${problemWords[problem].what(printable(folder))} (${detail}).`,
    remedy: ({ problem }, { surface, retry }) =>
      `${problemWords[problem].cure}, or ${surface === 'window' ? 'name another folder in the variable FIRN_DATA' : 'name another folder with --data'}; then ${retry}. Nothing was changed.`,
  },
  'database-newer': {
    title: ({ file }) => `The records in ${printable(file)} were written by a newer Firn.`,
    remedy: 'Update Firn. The file was not touched.',
  },
  'database-damaged': {
    title: ({ file, detail }) => `The records in ${printable(file)} are damaged (${detail}).`,
    remedy: (_, { surface }) =>
      `${surface === 'window' ? 'Start Firn again' : 'Run "firn run"'}: it goes back to its newest backup, if there is room on the disk, and keeps the damaged file.`,
  },
  'invalid-input': { title: ({ detail }) => detail, remedy: 'Correct it and try again.' },
  'choice-changed': {
    title: ({ detail }) => detail,
    remedy: (_, { surface }) =>
      `Nothing was done. ${surface === 'window' ? 'Look again at what is chosen, and decide anew' : 'Run the command again to see what is chosen now'}.`,
  },
  'not-found': {
    title: ({ what }) => `${what} is not there (any more).`,
    remedy: 'Check the name, or look at the list again.',
  },
  unexpected: {
    title: ({ detail }) => `Something went wrong inside Firn: ${detail}`,
    remedy: (_, { retry }) => `To go on, ${retry}. If it happens again, please report it.`,
  },
};
