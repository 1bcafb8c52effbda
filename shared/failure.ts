import { assertNever } from './assert.ts';
import { formatBytes, formatDuration } from './units.ts';

/**
 * Why an attempt did not succeed, in terms a person can act on. Plain data: it crosses IPC and sits in SQLite, so a kind
 * or a field is only ever added. `requestId` is what Amazon's support asks for.
 */
export type Failure =
  // Cured by waiting
  | { kind: 'offline'; detail: string }
  | { kind: 'timed-out'; detail: string }
  | { kind: 'throttled'; retryAfterMs: number | null }
  | { kind: 'service-error'; status: number; code: string; message: string; requestId: string | null }
  | { kind: 'clock-wrong'; offsetMs: number }
  | { kind: 'answer-garbled'; detail: string }
  | { kind: 'source-missing'; path: string }
  /** It cannot be read or written just now, for a reason that usually passes. */
  | { kind: 'file-unavailable'; path: string; cause: PassingCause }
  | { kind: 'awaiting-inventory'; vault: string }
  | { kind: 'disk-full'; path: string }
  | { kind: 'interrupted' }
  /** `times`: so often since Firn was started. */
  | { kind: 'multipart-lost'; times: number }
  /** Glacier is preparing the output of a job: usually for `usualMs` at most. `lookInMs`: when Firn looks again. */
  | { kind: 'awaiting-job'; usualMs: number; lookInMs: number }
  /** Asked for, and no answer came: whether there is a job must be known before another is paid for. */
  | { kind: 'request-unanswered'; lookInMs: number }
  /** The vault has archives, and Glacier has not listed them yet. */
  | { kind: 'no-inventory-yet'; vault: string; lookInMs: number }
  /** It is being downloaded or compared with the catalogue, on this computer. */
  | { kind: 'inventory-under-way'; vault: string; lookInMs: number }
  /** By the user's own limits, nothing more may be asked for before `until`. */
  | { kind: 'retrieval-limit'; limit: string; until: number }
  /** By the account's own data retrieval policy. */
  | { kind: 'retrieval-policy'; message: string }
  | { kind: 'no-capacity' }
  | { kind: 'target-missing'; folder: string }
  /** `missingBytes`: so much more room is needed; null when that is not known. */
  | { kind: 'target-full'; folder: string; missingBytes: number | null }
  /** `openUploads`: multipart uploads that stand open in it, which Firn leaves alone; null when nobody has asked. */
  | { kind: 'vault-not-yet-empty'; vault: string; openUploads: number | null }
  // The account needs the user; uploads wait unharmed
  | { kind: 'credentials-missing'; detail: string }
  | { kind: 'credentials-expired'; detail: string }
  | { kind: 'credentials-rejected'; detail: string }
  | { kind: 'closed-account' }
  // The upload needs the user
  | { kind: 'access-denied'; message: string; requestId: string | null }
  | { kind: 'vault-missing'; vault: string }
  | { kind: 'file-changed'; path: string; what: string }
  /** `detail`: what the system said, for the cause `other`. */
  | { kind: 'file-unreadable'; path: string; cause: UnreadableCause; detail: string }
  | { kind: 'file-empty'; path: string }
  | { kind: 'not-a-file'; path: string; what: string }
  | { kind: 'part-size-invalid'; partSize: number }
  | { kind: 'too-many-parts'; size: number; partSize: number; smallestPartSize: number }
  | { kind: 'archive-too-large'; size: number }
  | { kind: 'completion-rejected'; message: string; ranges: string[] }
  | { kind: 'rejected'; status: number; code: string; message: string; requestId: string | null }
  // The inventory needs the user
  | { kind: 'inventory-unreadable'; detail: string }
  // The retrieval needs the user
  | { kind: 'above-retrieval-limit'; limit: string }
  | { kind: 'job-failed'; message: string }
  | { kind: 'job-lost' }
  | { kind: 'target-exists'; path: string }
  | { kind: 'target-unusable'; path: string; detail: string }
  /** The vault's archive, or what came of it, is not what the catalogue tells. */
  | { kind: 'archive-differs'; what: string }
  // The emptying of a vault needs the user
  /** `newestAt`: when the newest of them was stored, milliseconds since 1970. */
  | { kind: 'vault-in-use'; vault: string; archives: number; newestAt: number }
  | { kind: 'archives-refused'; vault: string; archives: number }
  | { kind: 'vault-being-emptied'; vault: string }
  // Firn itself
  | { kind: 'data-folder-busy'; folder: string }
  | { kind: 'database-newer'; file: string }
  | { kind: 'database-damaged'; file: string; detail: string }
  | { kind: 'invalid-input'; detail: string }
  | { kind: 'not-found'; what: string }
  | { kind: 'unexpected'; detail: string };

/** Why a file cannot be used just now. `cloud`: its bytes are not on this computer. */
export type PassingCause = 'locked' | 'drive' | 'network' | 'cloud' | 'short-of-files' | 'unknown';

/** Why a file cannot be read until somebody does something. */
export type UnreadableCause = 'not-allowed' | 'path-too-long' | 'name-not-unicode' | 'other';

/** Failures that waiting can cure are retried for ever; the rest need somebody. */
export function isTransient({ kind }: Failure): boolean {
  return transientKinds.has(kind);
}

const transientKinds: ReadonlySet<Failure['kind']> = new Set([
  'offline',
  'timed-out',
  'throttled',
  'service-error',
  'clock-wrong',
  'answer-garbled',
  'source-missing',
  'file-unavailable',
  'awaiting-inventory',
  'disk-full',
  'interrupted',
  'multipart-lost',
  'awaiting-job',
  'request-unanswered',
  'no-inventory-yet',
  'inventory-under-way',
  'retrieval-limit',
  'retrieval-policy',
  'no-capacity',
  'target-missing',
  'target-full',
  'vault-not-yet-empty',
]);

/** Failures of the account rather than of one upload: its queue waits as "sign in again" and nothing is failed. */
export function isAccountFailure({ kind }: Failure): boolean {
  return accountKinds.has(kind);
}

const accountKinds: ReadonlySet<Failure['kind']> = new Set([
  'credentials-missing',
  'credentials-expired',
  'credentials-rejected',
  'closed-account',
]);

/** What went wrong (`title`) and what to do about it (`remedy`), each a sentence or two for people. */
export type Explanation = { title: string; remedy: string };

export function explain(failure: Failure): Explanation {
  switch (failure.kind) {
    case 'offline':
      return {
        title: `The service cannot be reached (${failure.detail}).`,
        remedy: 'Check the internet connection. Firn tries again by itself.',
      };
    case 'timed-out':
      return {
        title: `The connection was too slow or stalled (${failure.detail}).`,
        remedy:
          'Firn tries again by itself, with fewer parts at once. The part size of an upload cannot change once it has begun; for others, smaller parts can be chosen in Settings.',
      };
    case 'throttled':
      return { title: 'Amazon asks Firn to slow down.', remedy: 'Firn waits a little and goes on by itself.' };
    case 'service-error':
      return {
        title: `Amazon could not answer just now (${failure.status}${failure.code === '' ? '' : ` ${failure.code}`}).`,
        remedy: `Firn tries again by itself.${quote(failure.requestId)}`,
      };
    case 'clock-wrong':
      return {
        title: `This computer's clock is ${formatDuration(Math.abs(failure.offsetMs))} ${failure.offsetMs > 0 ? 'slow' : 'fast'}.`,
        remedy: 'Firn goes on with the time that Amazon told it. Set the clock right when you can.',
      };
    case 'answer-garbled':
      return {
        title: `The answer of the service did not make sense (${failure.detail}).`,
        remedy: 'Firn does not trust it and asks again by itself.',
      };
    case 'source-missing':
      return {
        title: `The file is not there: ${printable(failure.path)}.`,
        remedy: 'Connect the drive or put the file back; Firn goes on by itself.',
      };
    case 'file-unavailable':
      return explainUnavailable(failure);
    case 'awaiting-inventory':
      return {
        title: 'The last answer got lost, so Firn does not know whether the archive was stored.',
        remedy: `Firn looks for it in the next inventory of "${failure.vault}" before anything is sent again. That can take a day or two.`,
      };
    case 'disk-full':
      return {
        title: `There is no room left on the disk for Firn's records (${printable(failure.path)}).`,
        remedy: 'Make some room; Firn goes on by itself. Nothing was lost.',
      };
    case 'interrupted':
      return {
        title: 'Firn was ended before Amazon answered.',
        remedy: 'Firn looks for what may have been begun, and goes on by itself.',
      };
    case 'multipart-lost':
      return {
        title: `Amazon has lost what was sent of this file, ${failure.times} times so far.`,
        remedy:
          'Firn starts over by itself. If another program removes multipart uploads from this vault, stop it from doing so.',
      };
    case 'awaiting-job':
      return {
        title: `Glacier is preparing the data, which usually takes up to ${formatDuration(failure.usualMs)}.`,
        remedy: 'Firn looks by itself and goes on when it is ready; it may be closed meanwhile.',
      };
    case 'request-unanswered':
      return {
        title: 'The answer to the last request got lost, so Firn does not know whether Glacier has begun.',
        remedy: 'Firn looks at the list of jobs by itself before it asks again, because each request is paid for.',
      };
    case 'no-inventory-yet':
      return {
        title: `There is no inventory of "${failure.vault}" yet.`,
        remedy: 'Amazon makes the first a day or two after the first archive; Firn looks by itself and may be closed.',
      };
    case 'inventory-under-way':
      return {
        title: `Firn is taking the inventory of "${failure.vault}".`,
        remedy: 'When that is done, this goes on by itself.',
      };
    case 'retrieval-limit':
      return {
        title: `Your limit for retrievals is used up (${failure.limit}).`,
        remedy: `Firn goes on by itself on ${dateTime(failure.until)}, or at once when you raise the limit in Settings.`,
      };
    case 'retrieval-policy':
      return {
        title: `The account's data retrieval policy does not allow more just now: ${failure.message}`,
        remedy: 'Firn tries again by itself. The policy can be changed in Settings.',
      };
    case 'no-capacity':
      return {
        title: 'Glacier has no capacity for an Expedited retrieval just now.',
        remedy: 'Firn tries again by itself. Cancel it and choose Standard if it takes too long.',
      };
    case 'target-missing':
      return {
        title: `The folder to retrieve into is not there: ${printable(failure.folder)}.`,
        remedy: 'Connect the drive or make the folder again; Firn goes on by itself.',
      };
    case 'target-full':
      return {
        title: `There is no room left in ${printable(failure.folder)}${failure.missingBytes === null ? '' : `: ${formatBytes(failure.missingBytes)} more are needed`}.`,
        remedy: 'Make some room; Firn goes on by itself. What was retrieved so far is kept.',
      };
    case 'vault-not-yet-empty':
      return {
        title: `Glacier does not count the vault "${failure.vault}" as empty yet${openUploadsIn(failure.openUploads)}.`,
        remedy:
          'Its inventory is taken about once a day, so this takes a day or two. Firn looks again by itself; it may be closed meanwhile.',
      };
    case 'credentials-missing':
      return {
        title: `There are no credentials for this account (${failure.detail}).`,
        remedy: 'Sign in again; the queue waits for you.',
      };
    case 'credentials-expired':
      return {
        title: `The credentials have expired (${failure.detail}).`,
        remedy: 'Sign in again; the queue goes on where it was.',
      };
    case 'credentials-rejected':
      return {
        title: `Amazon does not accept these credentials (${failure.detail}).`,
        remedy: 'Check the access key ID and the secret access key, then sign in again. Nothing in the queue is lost.',
      };
    case 'closed-account':
      return {
        title: 'Amazon no longer offers vaults to this account.',
        remedy:
          'Since 15 December 2025 only accounts that already keep archives in vaults may use them. Use the credentials of such an account, or try the practice vault.',
      };
    case 'access-denied':
      return {
        title: `This account is not allowed to do that: ${failure.message}`,
        remedy: `Ask whoever manages the account for the missing permission, then retry.${quote(failure.requestId)}`,
      };
    case 'vault-missing':
      return {
        title: `There is no vault named "${failure.vault}" in this region.`,
        remedy: 'Create the vault or check the region, then retry.',
      };
    case 'file-changed':
      return {
        title: `The file changed while it was on its way (${failure.what}): ${printable(failure.path)}.`,
        remedy: 'Nothing mixed was stored. Start over to upload the file as it is now.',
      };
    case 'file-unreadable':
      return explainUnreadable(failure);
    case 'file-empty':
      return {
        title: `The file is empty: ${printable(failure.path)}.`,
        remedy: 'Glacier does not store empty archives, so it was left out.',
      };
    case 'not-a-file':
      return { title: `This is ${failure.what}, not a file: ${printable(failure.path)}.`, remedy: 'It was left out.' };
    case 'part-size-invalid':
      return {
        title: `Glacier does not take parts of ${formatBytes(failure.partSize)}.`,
        remedy: 'Choose 1 MiB, 2 MiB, 4 MiB and so on, doubling, up to 4 GiB.',
      };
    case 'too-many-parts':
      return {
        title: `A file of ${formatBytes(failure.size)} does not fit into 10,000 parts of ${formatBytes(failure.partSize)}.`,
        remedy: `Choose parts of at least ${formatBytes(failure.smallestPartSize)}.`,
      };
    case 'archive-too-large':
      return {
        title: `${formatBytes(failure.size)} is more than Glacier takes as one archive (about 39 TiB).`,
        remedy: 'Split the file before uploading it.',
      };
    case 'completion-rejected':
      return {
        title: `Glacier refused to complete the archive: ${failure.message}`,
        remedy:
          failure.ranges.length > 0
            ? `Firn sent the bad parts again (${failure.ranges.join(', ')}), and Glacier still has other bytes. Retry, or start over.`
            : 'Firn compared every part and found none that differs. Retry, or start over.',
      };
    case 'rejected':
      return {
        title: `Amazon refused the request: ${failure.message === '' ? `${failure.status} ${failure.code}` : failure.message}`,
        remedy: `Retry; if it happens again, cancel and add the file anew.${quote(failure.requestId)}`,
      };
    case 'inventory-unreadable':
      return {
        title: `The inventory cannot be read (${failure.detail}).`,
        remedy: 'Nothing was changed by it. Retry downloads it once more.',
      };
    case 'above-retrieval-limit':
      return {
        title: `This archive alone is more than your limit for retrievals allows (${failure.limit}).`,
        remedy: 'Raise the limit in Settings, then retry; or retrieve a range of the archive.',
      };
    case 'job-failed':
      return {
        title: `Glacier could not prepare the data: ${failure.message === '' ? 'it does not say why' : failure.message}`,
        remedy: 'Retry asks once more, which Amazon bills once more.',
      };
    case 'job-lost':
      return {
        title: 'Glacier no longer knows the job that Firn asked for.',
        remedy: 'Retry asks once more, which Amazon may bill once more.',
      };
    case 'target-exists':
      return {
        title: `There is a file with this name already: ${printable(failure.path)}.`,
        remedy: 'Keep both, or replace it. Nothing was changed.',
      };
    case 'target-unusable':
      return {
        title: `The file cannot be written (${failure.detail}): ${printable(failure.path)}.`,
        remedy: 'Put that right, then retry. What was retrieved so far is kept.',
      };
    case 'archive-differs':
      return {
        title: `The archive is not what the catalogue tells: ${failure.what}.`,
        remedy: 'No file was made of it. Take an inventory of the vault to see what Glacier has.',
      };
    case 'vault-in-use':
      return {
        title: `Something is still putting archives into the vault "${failure.vault}": ${failure.archives} since it was to be emptied, the newest ${new Date(failure.newestAt).toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
        remedy:
          'They were not deleted. Stop the program that uploads them, then let Firn delete them as well; or cancel, and the vault stays.',
      };
    case 'archives-refused':
      return {
        title: `Glacier refused to delete ${failure.archives} of the archives in "${failure.vault}".`,
        remedy:
          'The reasons are in the details; a vault lock or a missing permission is the usual one. Then try again.',
      };
    case 'vault-being-emptied':
      return {
        title: `The vault "${failure.vault}" is being emptied.`,
        remedy: 'Choose another vault, or cancel the emptying in Deletions first.',
      };
    case 'data-folder-busy':
      return {
        title: `Another Firn is already working with ${printable(failure.folder)}.`,
        remedy: 'Use that one, or close it first. Nothing was changed.',
      };
    case 'database-newer':
      return {
        title: `The records in ${printable(failure.file)} were written by a newer Firn.`,
        remedy: 'Update Firn. The file was not touched.',
      };
    case 'database-damaged':
      return {
        title: `The records in ${printable(failure.file)} are damaged (${failure.detail}).`,
        remedy:
          'Start Firn again: it goes back to its newest backup, if there is room on the disk, and keeps the damaged file.',
      };
    case 'invalid-input':
      return { title: failure.detail, remedy: 'Correct it and try again.' };
    case 'not-found':
      return {
        title: `${failure.what} is not there (any more).`,
        remedy: 'Check the name, or look at the list again.',
      };
    case 'unexpected':
      return {
        title: `Something went wrong inside Firn: ${failure.detail}`,
        remedy: 'Retry. If it happens again, please report it.',
      };
    default:
      return assertNever(failure);
  }
}

function explainUnavailable({ path, cause }: Extract<Failure, { kind: 'file-unavailable' }>): Explanation {
  const { why, remedy } = unavailable[cause];
  return { title: `The file cannot be used just now (${why}): ${printable(path)}.`, remedy };
}

/** Why a file cannot be used just now, in words that go on with a sentence. */
export function whyUnavailable(cause: PassingCause): string {
  return unavailable[cause].why;
}

const unavailable: Readonly<Record<PassingCause, { why: string; remedy: string }>> = {
  locked: {
    why: 'another program keeps it locked',
    remedy: 'Close the program that uses it; Firn goes on by itself once the file is free.',
  },
  drive: {
    why: 'the drive reports a fault',
    remedy: 'Check the drive and its cable, and connect it again; Firn goes on by itself once it answers.',
  },
  network: {
    why: 'the network folder does not answer',
    remedy: 'Check the network, and connect the folder again; Firn goes on by itself once it answers.',
  },
  cloud: {
    why: 'it is only in the cloud, and not on this computer',
    remedy: "Download it first, with the cloud's own program; Firn goes on by itself once the file is here.",
  },
  'short-of-files': {
    why: 'the system has too many files open, or too little memory',
    remedy: 'Close some programs if it stays so; Firn goes on by itself.',
  },
  unknown: {
    why: 'the system does not say why',
    remedy:
      'Firn tries again by itself. If the file is kept in a cloud, download it first; if it is on a drive, connect it again.',
  },
};

function explainUnreadable({ path, cause, detail }: Extract<Failure, { kind: 'file-unreadable' }>): Explanation {
  const [why, remedy] = unreadable[cause];
  return { title: `The file cannot be read (${why === '' ? detail : why}): ${printable(path)}.`, remedy };
}

const unreadable: Readonly<Record<UnreadableCause, readonly [why: string, remedy: string]>> = {
  'not-allowed': [
    'it may not be read with this user account',
    'Give this user account the right to read it (on a Mac, also in System Settings under Privacy & Security), then retry.',
  ],
  'path-too-long': ['its path is too long', 'Rename it or its folders, or move it to a folder further up, then retry.'],
  'name-not-unicode': ['its name is not valid Unicode', 'Rename it, then add it again.'],
  other: ['', 'Put that right, then retry.'],
};

/** Both sentences in one line, for terminals and logs. */
export function explainInOneLine(failure: Failure): string {
  const { title, remedy } = explain(failure);
  return `${title} ${remedy}`;
}

function dateTime(ms: number): string {
  return new Date(ms).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
}

/** A path with its control characters made visible, so that it cannot break a line or a terminal. */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function openUploadsIn(count: number | null): string {
  if (count === null || count === 0) return '';
  return `; ${count} multipart ${count === 1 ? 'upload stands' : 'uploads stand'} open in it, which Firn leaves alone`;
}

function quote(requestId: string | null): string {
  return requestId === null ? '' : ` Amazon's request ID is ${requestId}.`;
}
