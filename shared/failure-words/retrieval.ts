import { longDateTime } from '../dates.ts';
import { formatDollars } from '../prices.ts';
import { formatBytes, formatDuration } from '../units.ts';
import type { Words } from './wording.ts';

/** Of what is asked of Glacier and fetched from it. Times in milliseconds since 1970. */
export type RetrievalFailure =
  /** Glacier is preparing the output of a job: usually for `usualMs` at most. `lookInMs`: when Firn looks again. */
  | { kind: 'awaiting-job'; usualMs: number; lookInMs: number }
  /** Asked for, and no answer came: whether there is a job must be known before another is paid for. */
  | { kind: 'request-unanswered'; lookInMs: number }
  /** By the user's own limits, nothing more may be asked for before `until`. */
  | { kind: 'retrieval-limit'; limit: string; until: number }
  /** By the account's own data retrieval policy. */
  | { kind: 'retrieval-policy'; message: string }
  /** As much is asked for as can be fetched before Glacier gives it up. */
  | { kind: 'line-busy' }
  | { kind: 'no-capacity' }
  | { kind: 'above-retrieval-limit'; limit: string }
  | { kind: 'job-failed'; message: string }
  | { kind: 'job-lost' }
  /** Glacier gave up what it had ready. To ask for the missing bytes anew costs so much, in US dollars. */
  | { kind: 'output-ended'; bytes: number; cost: number }
  /** The vault's archive, or what came of it, is not what the catalogue tells. */
  | { kind: 'archive-differs'; what: string };

export const retrievalWords: Words<RetrievalFailure> = {
  'awaiting-job': {
    title: ({ usualMs }) => `Glacier is preparing the data, which usually takes up to ${formatDuration(usualMs)}.`,
    meanwhile: 'Firn looks by itself and goes on when it is ready; it may be closed meanwhile.',
  },
  'request-unanswered': {
    title: 'The answer to the last request got lost, so Firn does not know whether Glacier has begun.',
    meanwhile: 'Firn looks at the list of jobs by itself before it asks again, because each request is paid for.',
  },
  'retrieval-limit': {
    title: ({ limit }) => `Your limit for retrievals is used up (${limit}).`,
    meanwhile: ({ until }, { surface }) =>
      `Firn goes on by itself on ${longDateTime(until)}${surface === 'window' ? ', or at once when you raise the limit in Settings' : ''}.`,
  },
  'retrieval-policy': {
    title: ({ message }) => `The account's data retrieval policy does not allow more just now: ${message}`,
    remedy: (_, { surface }) =>
      surface === 'window'
        ? 'The policy can be changed in Settings.'
        : 'Whoever manages the account can change the policy.',
    meanwhile: 'Firn tries again by itself.',
  },
  'line-busy': {
    title: 'Glacier has as much ready, or on the way, as the line can fetch before it is given up.',
    meanwhile: 'Firn asks for the rest by itself, when there is room for it on the line.',
  },
  'no-capacity': {
    title: 'Glacier has no capacity for an Expedited retrieval just now.',
    remedy: (_, { cancel }) => `If it takes too long, ${cancel} and choose Standard.`,
    meanwhile: 'Firn tries again by itself.',
  },
  'above-retrieval-limit': {
    title: ({ limit }) => `This archive alone is more than your limit for retrievals allows (${limit}).`,
    remedy: (_, { surface, retry }) =>
      surface === 'window'
        ? `Raise the limit in Settings, then ${retry}; or retrieve a range of the archive.`
        : "Retrieve ranges of the archive one by one with --range; the limit itself is set in Firn's window.",
  },
  'job-failed': {
    title: ({ message }) => `Glacier could not prepare the data: ${message === '' ? 'it does not say why' : message}`,
    remedy: (_, { retry }) => `To ask once more, ${retry}; Amazon bills it once more.`,
  },
  'job-lost': {
    title: 'Glacier no longer knows the job that Firn asked for.',
    remedy: (_, { retry }) => `To ask once more, ${retry}; Amazon may bill it once more.`,
  },
  'output-ended': {
    title: ({ bytes }) =>
      `Glacier gave up what it had ready before all of it was here: ${formatBytes(bytes)} are missing.`,
    remedy: ({ cost }, { retry }) =>
      `To ask for them once more, ${retry}; that costs about ${formatDollars(cost)}. What is here is kept and not asked for again.`,
  },
  'archive-differs': {
    title: ({ what }) => `The archive is not what the catalogue tells: ${what}.`,
    remedy: (_, { takeInventory }) => `No file was made of it. To see what Glacier has, ${takeInventory}.`,
  },
};
