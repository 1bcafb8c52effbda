import { printable } from '../printable.ts';
import type { Words } from './wording.ts';

/** Of Firn's own records and of what is asked of Firn. */
export type RecordsFailure =
  | { kind: 'disk-full'; path: string }
  | { kind: 'data-folder-busy'; folder: string }
  | { kind: 'database-newer'; file: string }
  | { kind: 'database-damaged'; file: string; detail: string }
  | { kind: 'invalid-input'; detail: string }
  | { kind: 'not-found'; what: string }
  | { kind: 'unexpected'; detail: string };

export const recordsWords: Words<RecordsFailure> = {
  'disk-full': {
    title: ({ path }) => `There is no room left on the disk for Firn's records (${printable(path)}).`,
    remedy: 'Make some room. Nothing was lost.',
    meanwhile: 'Firn goes on by itself then.',
  },
  'data-folder-busy': {
    title: ({ folder }) => `Another Firn is already working with ${printable(folder)}.`,
    remedy: 'Use that one, or close it first. Nothing was changed.',
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
  'not-found': {
    title: ({ what }) => `${what} is not there (any more).`,
    remedy: 'Check the name, or look at the list again.',
  },
  unexpected: {
    title: ({ detail }) => `Something went wrong inside Firn: ${detail}`,
    remedy: (_, { retry }) => `To go on, ${retry}. If it happens again, please report it.`,
  },
};
