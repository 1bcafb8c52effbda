import { printable } from '../printable.ts';
import type { Wording } from './wording.ts';

/** Why a file cannot be used just now. `cloud`: its bytes are not on this computer. */
export type PassingCause = 'locked' | 'drive' | 'network' | 'cloud' | 'short-of-files' | 'unknown';

/** It cannot be read or written just now, for a reason that usually passes. `faults`: how often in a row the drive reported one. */
export type UnavailableFile = { kind: 'file-unavailable'; path: string; cause: PassingCause; faults?: number };

export const unavailableFile: Wording<UnavailableFile> = {
  title: ({ path, cause }) => `The file cannot be used just now (${whyUnavailable(cause)}): ${printable(path)}.`,
  remedy: ({ cause }) => causes[cause].remedy,
  meanwhile: ({ cause }) => causes[cause].meanwhile,
};

/** Why a file cannot be used just now, in words that go on with a sentence. */
export function whyUnavailable(cause: PassingCause): string {
  return causes[cause].why;
}

const causes: Readonly<Record<PassingCause, { why: string; remedy: string; meanwhile: string }>> = {
  locked: {
    why: 'another program keeps it locked',
    remedy: 'Close the program that uses it.',
    meanwhile: 'Firn goes on by itself once the file is free.',
  },
  drive: {
    why: 'the drive reports a fault',
    remedy: 'Check the drive and its cable, and connect it again.',
    meanwhile: 'Firn goes on by itself once it answers.',
  },
  network: {
    why: 'the network folder does not answer',
    remedy: 'Check the network, and connect the folder again.',
    meanwhile: 'Firn goes on by itself once it answers.',
  },
  cloud: {
    why: 'it is only in the cloud, and not on this computer',
    remedy: "Download it first, with the cloud's own program.",
    meanwhile: 'Firn goes on by itself once the file is here.',
  },
  'short-of-files': {
    why: 'the system has too many files open, or too little memory',
    remedy: 'Close some programs if it stays so.',
    meanwhile: 'Firn goes on by itself.',
  },
  unknown: {
    why: 'the system does not say why',
    remedy: 'If the file is kept in a cloud, download it first; if it is on a drive, connect it again.',
    meanwhile: 'Firn tries again by itself.',
  },
};
