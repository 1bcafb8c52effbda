import type { AccountId } from '../../shared/account.ts';
import type { UploadView } from '../../shared/upload.ts';
import { standing, type Standing, type Surroundings } from '../../shared/words.ts';

export type Around = (accountId: AccountId) => Surroundings;

export type Tally = {
  counts: Record<Standing | 'all', number>;
  /** Bytes that Glacier has not acknowledged, of the uploads that are still to be sent. */
  bytesLeft: number;
  firstExpiry: number | null;
};

/** Asks once for each account: what is asked for is reactive, and asking for each of 100,000 uploads is slow. */
export function onceEach<T>(ask: (accountId: AccountId) => T): (accountId: AccountId) => T {
  const known = new Map<AccountId, { answer: T }>();
  return (accountId) => {
    const told = known.get(accountId) ?? { answer: ask(accountId) };
    known.set(accountId, told);
    return told.answer;
  };
}

/** All that is counted over the whole queue, in one pass: it runs at each change, over 100,000 uploads too. */
export function tally(uploads: readonly UploadView[], around: Around): Tally {
  const counts = { all: uploads.length, running: 0, waiting: 0, 'needs-you': 0, stored: 0, cancelled: 0 };
  let bytesLeft = 0;
  let firstExpiry: number | null = null;
  for (const upload of uploads) {
    const { phase, size, uploadedBytes, expiresAt } = upload;
    counts[standing(upload, around(upload.accountId))] += 1;
    if (phase.kind === 'queued' || phase.kind === 'uploading') bytesLeft += size - uploadedBytes;
    if (phase.kind === 'uploading' && expiresAt !== null && uploadedBytes > 0)
      firstExpiry = Math.min(firstExpiry ?? expiresAt, expiresAt);
  }
  return { counts, bytesLeft, firstExpiry };
}

/** Uploads by position. They nearly always are already, and then nothing is copied. */
export function inOrder(uploads: readonly UploadView[]): readonly UploadView[] {
  const ordered = uploads.every(
    (upload, index) => index === 0 || (uploads[index - 1]?.position ?? 0) <= upload.position,
  );
  return ordered ? uploads : uploads.toSorted((a, b) => a.position - b.position);
}
