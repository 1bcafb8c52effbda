import { type Failure, isAccountFailure } from '../../shared/failure.ts';

/** How a command ends, for scripts. The one place for these numbers: help, manual page and documents are made from it. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  needsYou: 3,
  busy: 4,
  credentials: 5,
  declined: 6,
  unreachable: 7,
  bug: 70,
  interrupted: 130,
  stuck: 137,
  readerGone: 141,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const exitWords: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, 'all is done, or Amazon has been asked for it where the command does not wait'],
  [EXIT.failed, 'something was not done, was left out, was not found or differs'],
  [EXIT.usage, 'the command line makes no sense; nothing was done'],
  [EXIT.needsYou, 'something waits for a decision of yours: it is paused, or only you can go on with it'],
  [EXIT.busy, 'another Firn works with the folder; nothing was done'],
  [EXIT.credentials, 'credentials are missing, have expired, are refused, or lack a permission'],
  [EXIT.declined, 'a question was answered with no, or nobody could be asked; nothing was done'],
  [EXIT.unreachable, 'the service did not answer, or not as it should; the same command again is worth a try'],
  [EXIT.bug, 'something went wrong inside Firn'],
  [EXIT.interrupted, 'interrupted from the keyboard'],
  [EXIT.stuck, 'something that never answers, as a dead drive, kept Firn from ending; it ended without it'],
  [EXIT.readerGone, 'whoever read the output went away before the end'],
  [EXIT.terminated, 'asked to end by the system'],
];

/** What a command ends with that was stopped by this failure. */
export function exitFor(failure: Failure): ExitCode {
  if (isAccountFailure(failure) || failure.kind === 'access-denied') return EXIT.credentials;
  switch (failure.kind) {
    case 'data-folder-busy':
      return EXIT.busy;
    case 'offline':
    case 'timed-out':
    case 'throttled':
    case 'service-error':
    case 'answer-garbled':
    case 'clock-wrong':
      return EXIT.unreachable;
    case 'part-size-invalid':
      return EXIT.usage;
    case 'unexpected':
      return EXIT.bug;
    default:
      return EXIT.failed;
  }
}

/** What a task ends with that goes on only when somebody sees to it. */
export function exitForNeed(failure: Failure | null): ExitCode {
  const exit = failure ? exitFor(failure) : EXIT.needsYou;
  return exit === EXIT.credentials || exit === EXIT.bug ? exit : EXIT.needsYou;
}

/** Of many, the one that says most: what stands in the way of everything comes first. */
const gravest: readonly ExitCode[] = [EXIT.bug, EXIT.credentials, EXIT.unreachable, EXIT.needsYou, EXIT.failed];

export function worstOf(codes: readonly ExitCode[]): ExitCode {
  return gravest.find((code) => codes.includes(code)) ?? EXIT.done;
}
