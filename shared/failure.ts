import { type AccountFailure, type RefusalFailure, accountWords, refusalWords } from './failure-words/account.ts';
import { type BucketFailure, bucketWords } from './failure-words/bucket.ts';
import { type NetworkFailure, networkWords } from './failure-words/network.ts';
import { type RecordsFailure, recordsWords } from './failure-words/records.ts';
import { type RetrievalFailure, retrievalWords } from './failure-words/retrieval.ts';
import { type SourceFailure, sourceWords } from './failure-words/source.ts';
import { type TargetFailure, targetWords } from './failure-words/target.ts';
import { type UploadFailure, uploadWords } from './failure-words/upload.ts';
import { type VaultFailure, vaultWords } from './failure-words/vault.ts';
import { type Subject, type Surface, type Wording, type Words, actsFor } from './failure-words/wording.ts';

export { whyUnavailable } from './failure-words/unavailable-file.ts';
export { printable } from './printable.ts';
export type { OfflineCause } from './failure-words/offline.ts';
export type { PassingCause } from './failure-words/unavailable-file.ts';
export type { UnreadableCause } from './failure-words/source.ts';
export type { FolderProblem } from './failure-words/records.ts';

/**
 * Why an attempt did not succeed, in terms a person can act on. Plain data: it crosses IPC and sits in SQLite, so a kind
 * or a field is only ever added. Each kind stands in `failure-words/`, beside its words.
 */
export type Failure =
  | NetworkFailure
  | AccountFailure
  | RefusalFailure
  | SourceFailure
  | UploadFailure
  | RetrievalFailure
  | TargetFailure
  | VaultFailure
  | BucketFailure
  | RecordsFailure;

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
  'drive-missing',
  'file-unavailable',
  'awaiting-inventory',
  'disk-full',
  'records-unusable',
  'interrupted',
  'multipart-lost',
  'awaiting-job',
  'request-unanswered',
  'no-inventory-yet',
  'inventory-under-way',
  'retrieval-limit',
  'retrieval-policy',
  'line-busy',
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
  'practice-unavailable',
  'proxy-password',
  'sign-in-ended',
  'mfa-code',
  'wrong-account',
  'account-unknown',
  'account-unconfirmed',
]);

const words: Words<Failure> = {
  ...networkWords,
  ...accountWords,
  ...refusalWords,
  ...sourceWords,
  ...uploadWords,
  ...retrievalWords,
  ...targetWords,
  ...vaultWords,
  ...bucketWords,
  ...recordsWords,
};

/** What went wrong (`title`) and what to do about it (`remedy`), each a sentence or more for people. */
export type Explanation = { title: string; remedy: string };

/** What went wrong, wherever it is read. */
export function titleOf(failure: Failure): string {
  const { title } = wordingOf(failure);
  return typeof title === 'string' ? title : title(failure);
}

/**
 * What went wrong and what can be done where it is read. `subject`: whether Firn goes on with what failed by itself, or it was
 * asked once and has ended.
 */
export function explain(failure: Failure, surface: Surface, subject: Subject = 'task'): Explanation {
  const { remedy, meanwhile } = wordingOf(failure);
  const can = actsFor(surface, subject);
  const said = (part: Wording<Failure>['remedy']): string =>
    typeof part === 'function' ? part(failure, can) : (part ?? '');
  const next = subject === 'task' || meanwhile === undefined ? said(meanwhile) : `To go on, ${can.retry}.`;
  return {
    title: titleOf(failure),
    remedy: [said(remedy), next]
      .map((sentence) => sentence.trim())
      .filter((sentence) => sentence !== '')
      .join(' '),
  };
}

/** Both in one line, for the command line. */
export function explainInOneLine(failure: Failure, subject: Subject = 'task'): string {
  return inOneLine(explain(failure, 'command-line', subject));
}

export function inOneLine({ title, remedy }: Explanation): string {
  return `${title} ${remedy}`;
}

/** TypeScript does not see that the wording found under a failure's kind is that of the failure. */
function wordingOf(failure: Failure): Wording<Failure> {
  return words[failure.kind] as Wording<Failure>;
}
