import { printable } from '../printable.ts';
import { type UnavailableFile, unavailableFile } from './unavailable-file.ts';
import type { Words } from './wording.ts';

/** Why a file cannot be read until somebody does something. */
export type UnreadableCause = 'not-allowed' | 'path-too-long' | 'name-not-unicode' | 'drive-fault' | 'other';

/** Of a file on this computer that is to be uploaded. */
export type SourceFailure =
  | { kind: 'source-missing'; path: string }
  /** `drive`: the mount point, share or letter. */
  | { kind: 'drive-missing'; drive: string }
  | { kind: 'file-changed'; path: string; what: string }
  | UnavailableFile
  /** `detail`: what the system said, for the cause `other`. */
  | { kind: 'file-unreadable'; path: string; cause: UnreadableCause; detail: string }
  | { kind: 'file-empty'; path: string }
  | { kind: 'not-a-file'; path: string; what: string };

export const sourceWords: Words<SourceFailure> = {
  'source-missing': {
    title: ({ path }) => `The file is not there: ${printable(path)}.`,
    remedy: 'Connect the drive or put the file back.',
    meanwhile: 'Firn goes on by itself then.',
  },
  'drive-missing': {
    title: ({ drive }) => `The drive is not there: ${printable(drive)}.`,
    remedy: 'Connect it.',
    meanwhile: 'Firn goes on by itself then.',
  },
  'file-unavailable': unavailableFile,
  'file-changed': {
    title: ({ path, what }) => `The file changed while it was on its way (${what}): ${printable(path)}.`,
    remedy: (_, { startOver }) => `Nothing mixed was stored. To upload the file as it is now, ${startOver}.`,
  },
  'file-unreadable': {
    title: ({ path, cause, detail }) =>
      `The file cannot be read (${unreadable[cause].why ?? detail}): ${printable(path)}.`,
    remedy: ({ cause }, { retry }) =>
      `${unreadable[cause].remedy}, then ${cause === 'name-not-unicode' ? 'add it again' : retry}.`,
  },
  'file-empty': {
    title: ({ path }) => `The file is empty: ${printable(path)}.`,
    remedy: 'Glacier does not store empty archives, so it was left out.',
  },
  'not-a-file': {
    title: ({ path, what }) => `This is ${what}, not a file: ${printable(path)}.`,
    remedy: 'It was left out.',
  },
};

/** `why` is null where the system's own words say it. */
const unreadable: Readonly<Record<UnreadableCause, { why: string | null; remedy: string }>> = {
  'not-allowed': {
    why: 'it may not be read with this user account',
    remedy: 'Give this user account the right to read it (on a Mac, also in System Settings under Privacy & Security)',
  },
  'path-too-long': {
    why: 'its path is too long',
    remedy: 'Rename it or its folders, or move it to a folder further up',
  },
  'name-not-unicode': { why: 'its name is not valid Unicode', remedy: 'Rename it' },
  'drive-fault': {
    why: 'the drive reports a fault, again and again',
    remedy: 'The drive seems to be damaged there: put a good copy of the file in its place, or check the drive',
  },
  other: { why: null, remedy: 'Put that right' },
};
