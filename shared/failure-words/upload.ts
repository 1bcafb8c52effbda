import { formatBytes } from '../units.ts';
import type { Words } from './wording.ts';

/** Of an upload, with its parts and its last request. Sizes in bytes. */
export type UploadFailure =
  | { kind: 'awaiting-inventory'; vault: string }
  | { kind: 'interrupted' }
  /** `times`: so often since Firn was started. */
  | { kind: 'multipart-lost'; times: number }
  | { kind: 'part-size-invalid'; partSize: number }
  | { kind: 'too-many-parts'; size: number; partSize: number; smallestPartSize: number }
  | { kind: 'archive-too-large'; size: number }
  | { kind: 'line-too-slow'; partSize: number }
  | { kind: 'completion-rejected'; message: string; ranges: string[] };

export const uploadWords: Words<UploadFailure> = {
  'awaiting-inventory': {
    title: 'The last answer got lost, so Firn does not know whether the archive was stored.',
    meanwhile: ({ vault }) =>
      `Firn looks by itself for it in the next inventory of "${vault}" before anything is sent again. That can take a day or two.`,
  },
  interrupted: {
    title: 'Firn was ended before Amazon answered.',
    meanwhile: 'Firn looks for what may have been begun, and goes on by itself.',
  },
  'multipart-lost': {
    title: ({ times }) => `Amazon has lost what was sent of this file, ${times} times so far.`,
    remedy: 'If another program removes multipart uploads from this vault, stop it from doing so.',
    meanwhile: 'Firn starts over by itself.',
  },
  'part-size-invalid': {
    title: ({ partSize }) => `Glacier does not take parts of ${formatBytes(partSize)}.`,
    remedy: 'Choose 1 MiB, 2 MiB, 4 MiB and so on, doubling, up to 4 GiB.',
  },
  'too-many-parts': {
    title: ({ size, partSize }) =>
      `A file of ${formatBytes(size)} does not fit into 10,000 parts of ${formatBytes(partSize)}.`,
    remedy: ({ smallestPartSize }) => `Choose parts of at least ${formatBytes(smallestPartSize)}.`,
  },
  'archive-too-large': {
    title: ({ size }) => `${formatBytes(size)} is more than Glacier takes as one archive (about 39 TiB).`,
    remedy: 'Split the file before uploading it.',
  },
  'line-too-slow': {
    title: ({ partSize }) =>
      `The line is too slow for parts of ${formatBytes(partSize)}: Amazon takes none that needs more than five minutes.`,
    remedy: (_, { startOver }) => `To send smaller parts, ${startOver}; or retry on a faster line.`,
  },
  'completion-rejected': {
    title: ({ message }) => `Glacier refused to complete the archive: ${message}`,
    remedy: ({ ranges }, { retry, startOver }) =>
      `${comparison(ranges)} Either ${retry}, or ${startOver} to send all of it anew.`,
  },
};

function comparison(ranges: string[]): string {
  return ranges.length === 0
    ? 'Firn compared every part and found none that differs.'
    : `Firn sent the bad parts again (${ranges.join(', ')}), and Glacier still has other bytes.`;
}
