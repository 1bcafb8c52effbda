import { describeAccountWait } from './account-wait-words.ts';
import { assertNever } from './assert.ts';
import type { Imported } from './catalogue-exchange.ts';
import { type Failure, titleOf, whyUnavailable } from './failure.ts';
import { describeHoldEvent } from './hold-words.ts';
import { formatBytes, formatDuration } from './units.ts';
import type { Hold } from './hold.ts';
import {
  type LiveProgress,
  type Phase,
  type Progress,
  type UploadEvent,
  type UploadView,
  mayBeStored,
} from './upload.ts';

/** What else keeps an upload waiting although nothing is wrong with it. */
export type Surroundings = {
  queuePaused: boolean;
  /** Why the upload's account waits; null when all is well with it. */
  accountProblem: Failure | null;
  /** Minutes since midnight at which the schedule lets uploads run again; null when they may run now. */
  opensAt: number | null;
};

const calm: Surroundings = { queuePaused: false, accountProblem: null, opensAt: null };

/** Phase and hold in words, with what happens next. `live` is null when nothing of the upload is on the wire. */
export function describeProgress(
  upload: UploadView,
  live: LiveProgress | null,
  now: number,
  surroundings: Surroundings = calm,
): string {
  const { phase, hold } = upload;
  if (phase.kind === 'stored') return 'Stored';
  if (phase.kind === 'cancelled') return 'Cancelled';
  if (hold?.kind === 'paused') return describePause(upload, now);
  if (hold?.kind === 'failed') return `Needs you: ${titleOf(hold.failure)}`;
  if (surroundings.accountProblem) return describeAccountWait(surroundings.accountProblem);
  const isFileAway = hold !== null && isAboutFile(hold.failure);
  if (stopsSending(phase, surroundings) && !isFileAway) return describeStop(surroundings);
  if (hold) return describeBackoff(hold, now);
  return describePhase(phase, upload, live);
}

/** Whether the file is what an upload waits for, whatever else may keep it waiting too. */
function isAboutFile({ kind }: Failure): boolean {
  return kind === 'source-missing' || kind === 'file-unavailable';
}

/** What is being cancelled sends nothing any more, so no pause of all and no schedule stops it. */
function stopsSending(phase: Phase, { queuePaused, opensAt }: Surroundings): boolean {
  return phase.kind !== 'aborting' && (queuePaused || opensAt !== null);
}

function describeStop({ queuePaused, opensAt }: Surroundings): string {
  return queuePaused || opensAt === null
    ? 'Waiting: all uploads are paused'
    : `Waiting until ${describeMinute(opensAt)}, by your schedule`;
}

function describePhase(phase: Phase, upload: UploadView, live: LiveProgress | null): string {
  switch (phase.kind) {
    case 'queued':
      return phase.initiateAskedAt === null ? 'Waiting for its turn' : 'Starting';
    case 'uploading':
      if (live) return 'Uploading';
      return upload.uploadedBytes > 0 ? 'About to go on' : 'About to start';
    case 'completing':
      return 'Checking with Amazon';
    case 'unconfirmed':
      return 'Checking with Amazon whether the archive was stored';
    case 'aborting':
      return 'Cancelling';
    case 'stored':
      return 'Stored';
    case 'cancelled':
      return 'Cancelled';
    default:
      return assertNever(phase);
  }
}

function describePause({ phase, expiresAt, uploadedBytes }: UploadView, now: number): string {
  if (phase.kind === 'unconfirmed') return 'Paused, before Firn knows whether the archive was stored';
  if (phase.kind === 'aborting') return 'Paused while cancelling';
  // Amazon gives up nothing where nothing was sent.
  if (phase.kind === 'queued' || expiresAt === null || uploadedBytes === 0) return 'Paused';
  if (expiresAt <= now) return 'Paused for too long — it starts over when it continues';
  return `Paused — continues within ${formatDuration(expiresAt - now)} or starts over`;
}

function describeBackoff({ until, attempt, failure }: Extract<Hold, { kind: 'backoff' }>, now: number): string {
  const wait = until > now ? `Waiting ${formatDuration(until - now)}` : null;
  if (failure.kind === 'awaiting-inventory') {
    return wait ? `Checking with Amazon — looks again in ${formatDuration(until - now)}` : 'Checking with Amazon';
  }
  if (failure.kind === 'source-missing') return 'Waiting for the file — connect its drive or put it back';
  if (failure.kind === 'file-unavailable') return `Waiting for the file — ${whyUnavailable(failure.cause)}`;
  const next = `try ${attempt + 1}`;
  return `${wait ? `${wait}, then ${next}` : `Now ${next}`}: ${titleOf(failure)}`;
}

/** What is given up when the upload is cancelled now. */
export function describeLoss(upload: UploadView): string {
  const { phase, hold } = upload;
  if (mayBeStored(upload) || (phase.kind === 'completing' && hold?.kind !== 'failed')) {
    return 'Nobody knows yet whether Amazon has stored the archive. If so, it stays in the vault, and the next inventory that you take tells of it.';
  }
  const { uploadedBytes, size, partSize } = upload;
  if (uploadedBytes === 0) return 'Nothing of it was sent yet.';
  const parts = plural(Math.ceil(uploadedBytes / partSize), 'part');
  if (phase.kind === 'aborting') {
    return `Firn cannot tell Amazon to remove what was sent: ${formatBytes(uploadedBytes)} in ${parts} may stay there until Amazon removes it by itself, usually a day after the last part.`;
  }
  return `What was sent so far, ${formatBytes(uploadedBytes)} of ${formatBytes(size)} in ${parts}, is given up and Amazon removes it.`;
}

/** Where an upload stands, for counting and filtering. */
export type Standing = 'running' | 'waiting' | 'needs-you' | 'stored' | 'cancelled';

export function standing({ phase, hold }: Progress, surroundings: Surroundings = calm): Standing {
  if (phase.kind === 'stored' || phase.kind === 'cancelled') return phase.kind;
  if (hold?.kind === 'failed') return 'needs-you';
  if (hold !== null || phase.kind === 'queued' || phase.kind === 'unconfirmed') return 'waiting';
  return surroundings.accountProblem || stopsSending(phase, surroundings) ? 'waiting' : 'running';
}

/** `12.4 of 80 GiB`, `812 KiB of 80 GiB`. */
export function describeAmount(doneBytes: number, totalBytes: number): string {
  const done = formatBytes(doneBytes);
  const total = formatBytes(totalBytes);
  const [number, unit] = done.split(' ');
  const sameUnit = doneBytes === 0 || unit === total.split(' ')[1];
  return `${sameUnit ? number : done} of ${total}`;
}

/** Whole per cent, rounded down: 100 only when all is there. */
export function percentage(doneBytes: number, totalBytes: number): number {
  return totalBytes === 0 ? 100 : Math.floor((Math.min(doneBytes, totalBytes) / totalBytes) * 100);
}

export function describeRate(bytesPerSecond: number): string {
  return `${formatBytes(Math.round(bytesPerSecond))}/s`;
}

/** `3 min 20 s left`; null until it is known. */
export function describeRemaining(remainingMs: number | null): string | null {
  return remainingMs === null || !Number.isFinite(remainingMs) ? null : `${formatDuration(remainingMs)} left`;
}

/** `22:00`, from minutes since midnight. */
export function describeMinute(minuteOfDay: number): string {
  const twoDigits = (number: number): string => String(number).padStart(2, '0');
  return `${twoDigits(Math.floor(minuteOfDay / 60))}:${twoDigits(minuteOfDay % 60)}`;
}

/** One line of an upload's journal. */
export function describeEvent(event: UploadEvent): string {
  switch (event.kind) {
    case 'initiate-asked':
      return 'Asked Amazon to start a multipart upload';
    case 'strays-swept':
      return 'Made sure that no stray multipart upload is left';
    case 'multipart-initiated':
      return 'Amazon started the multipart upload';
    case 'parts-uploaded':
      return 'All parts are with Amazon; asked it to check and complete the archive';
    case 'completed':
      return 'Amazon confirmed the tree hash; the archive is stored';
    case 'multipart-lost':
      return 'Amazon no longer has the multipart upload';
    case 'completion-rejected':
      return event.badParts.length > 0
        ? `Amazon refused to complete the archive: ${event.message} ${plural(event.badParts.length, 'part')} will be sent again`
        : `Amazon refused to complete the archive: ${event.message}`;
    case 'found-in-inventory':
      return 'Found in the inventory of the vault; the archive is stored';
    case 'found-in-journal':
      return 'Found in the journal of archives: it had been stored already';
    case 'absent-from-inventory':
      return event.unreadable > 0
        ? `Not in the inventory of the vault, in which ${plural(event.unreadable, 'entry', 'entries')} cannot be read; it will be uploaded again`
        : 'Not in the inventory of the vault; it will be uploaded again';
    case 'given-up':
      return 'Cancelled by you without an answer of Amazon; what it has may remain there';
    case 'aborted':
      return 'Amazon removed the multipart upload';
    case 'attempt-failed':
      return `Try ${event.attempt} failed: ${titleOf(event.failure)}`;
    case 'recovered':
    case 'rejected':
    case 'paused':
    case 'resumed':
      return describeHoldEvent(event);
    case 'cancelled':
      return 'Cancelled by you';
    default:
      return assertNever(event);
  }
}

/** `1 file`, `1,248 files`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `1,248`: thousands apart, the same everywhere as the words around it are English. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** What an import did, in one line. */
export function describeImport(imported: Imported): string {
  const { added, completed, alreadyThere, deleted, problemCount, windows1252, countedBy } = imported;
  const counts = [
    `Added ${plural(added, 'archive')}`,
    completed > 0 ? `${formatCount(completed)} got what they lacked` : null,
    alreadyThere > 0 ? `${formatCount(alreadyThere)} already there` : null,
    deleted > 0 ? `${formatCount(deleted)} deleted since` : null,
    problemCount > 0 ? `${plural(problemCount, countedBy, countedBy === 'line' ? 'lines' : 'entries')} left out` : null,
    windows1252 > 0
      ? `${plural(windows1252, 'line')} read as Windows-1252, as ${windows1252 === 1 ? 'it is' : 'they are'} no UTF-8`
      : null,
  ];
  return counts.filter((count) => count !== null).join('; ');
}
