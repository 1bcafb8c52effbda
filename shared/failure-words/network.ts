import { formatDuration } from '../units.ts';
import { type OfflineCause, offlineRemedy } from './offline.ts';
import { requestIdOf } from './request-id.ts';
import type { Words } from './wording.ts';

/** Between this computer and the service. `requestId` is what Amazon's support asks for. */
export type NetworkFailure =
  | { kind: 'offline'; detail: string; cause?: OfflineCause }
  /** `late`: all of a part had gone out, and its signature counted no more when it arrived. */
  | { kind: 'timed-out'; detail: string; late?: true }
  | { kind: 'throttled'; retryAfterMs: number | null }
  | { kind: 'service-error'; status: number; code: string; message: string; requestId: string | null }
  | { kind: 'clock-wrong'; offsetMs: number }
  | { kind: 'answer-garbled'; detail: string };

export const networkWords: Words<NetworkFailure> = {
  offline: {
    title: ({ detail }) => `The service cannot be reached (${detail}).`,
    remedy: ({ cause = 'cut' }, acts) => offlineRemedy(cause, acts),
    meanwhile: 'Firn tries again by itself.',
  },
  'timed-out': {
    title: ({ detail }) => `The connection was too slow or stalled (${detail}).`,
    meanwhile: (_, { surface }) =>
      `Firn tries again by itself, with fewer parts at once. The part size of an upload cannot change once it has begun; for others, smaller parts can be chosen ${surface === 'window' ? 'in Settings' : 'with --part-size'}.`,
  },
  throttled: { title: 'Amazon asks Firn to slow down.', meanwhile: 'Firn waits a little and goes on by itself.' },
  'service-error': {
    title: ({ status, code }) => `Amazon could not answer just now (${status}${code === '' ? '' : ` ${code}`}).`,
    remedy: ({ requestId }) => requestIdOf(requestId),
    meanwhile: 'Firn tries again by itself.',
  },
  'clock-wrong': {
    title: ({ offsetMs }) =>
      `This computer's clock is ${formatDuration(Math.abs(offsetMs))} ${offsetMs > 0 ? 'slow' : 'fast'}.`,
    remedy: 'Set the clock right when you can.',
    meanwhile: 'Firn goes on by itself, with the time that Amazon told it.',
  },
  'answer-garbled': {
    title: ({ detail }) => `The answer of the service did not make sense (${detail}).`,
    remedy: 'Firn does not trust it.',
    meanwhile: 'It asks again by itself.',
  },
};
