import type { AccountId } from './account.ts';
import { assertNever } from './assert.ts';
import { longDateTime } from './dates.ts';
import type { Surface } from './failure-words/wording.ts';
import { type Explanation, type Failure, explain, inOneLine, titleOf } from './failure.ts';
import { printable } from './printable.ts';
import { formatCount, plural } from './words.ts';

/**
 * What happened to Firn's own records and must be told, however late somebody looks. Plain data: it crosses IPC and sits
 * in SQLite, so a kind or a field is only ever added. `damage` says what was found; `damagedFile` is where the damaged
 * file is kept, null when there was none. Times in milliseconds since 1970.
 */
export type NoticeBody =
  /** A backup is in use. `journal`: whether the journal of archives tells all that was stored since. */
  | {
      kind: 'records-restored';
      damage: string;
      damagedFile: string | null;
      backupFile: string;
      backupAt: number;
      archivesAdded: number;
      uploadsSettled: number;
      journal: 'whole' | 'incomplete';
      /** What may have been stored since, of which the journal does not tell. */
      uploadsPaused: number;
      /** Deletions, emptyings and retrievals that were still to be done: the user may have cancelled them since. */
      tasksPaused?: number;
    }
  /** There was no backup: the queue is empty, and the catalogue is what the journal of archives tells. */
  | { kind: 'records-rebuilt'; damage: string; damagedFile: string | null; archives: number }
  /** Only the catalogue's search index was damaged. */
  | { kind: 'search-rebuilt'; damage: string; damagedFile: string | null }
  /** Archives whose records make no line of the journal of archives; `first`: the path or archive ID of one of them. */
  | { kind: 'archives-unwritten'; archives: number; first: string }
  /** An inventory of that date does not list archives that it should; `archives`: so many the newest one did not find first. */
  | { kind: 'archives-missing'; accountId: AccountId; vault: string; archives: number; inventoryAt: number }
  /** Found while Firn runs: nothing is written any more, and the next start restores. */
  | { kind: 'records-damaged'; damage: string }
  // Told for as long as they last, and kept nowhere
  /** The records can be neither written nor read: the disk is full, or does not answer. Firn waits, and goes on by itself. */
  | { kind: 'records-wait'; failure: Failure }
  /** The copies of the catalogue that are to go into this vault are not made. */
  | { kind: 'catalogue-not-archived'; vault: string; failure: Failure }
  /** A bug has ended the work; what is in the window still answers. */
  | { kind: 'work-stopped'; detail: string }
  /** The drive of files that are missing seems to be mounted under another name: what was `from` is `to`. */
  | { kind: 'files-elsewhere'; from: string; to: string }
  /** Uploads with parts in Glacier stand still, and it removes what they sent; `path` is the file of the first, at `firstAt`. */
  | { kind: 'uploads-expiring'; uploads: number; path: string; firstAt: number };

export type Notice = NoticeBody & { id: number; at: number };

/** What happened (`title`) and what it means for the user (`remedy`). */
export function explainNotice(notice: NoticeBody, surface: Surface): Explanation {
  switch (notice.kind) {
    case 'records-restored':
      return {
        title: `Firn's records were damaged (${notice.damage}), so it went back to its backup of ${longDateTime(notice.backupAt)}.`,
        remedy: [
          'The queue is as it was then: add again what you added since, and cancel again what you cancelled since.',
          sinceThen(notice, surface),
          kept(notice.damagedFile),
        ].join(' '),
      };
    case 'records-rebuilt':
      return {
        title: `Firn's records were damaged (${notice.damage}), and there was no backup of them.`,
        remedy: [
          `The queue is empty; the catalogue has the ${plural(notice.archives, 'archive')} of Firn's journal.`,
          'Sign in to your accounts again and add your files again: what the catalogue has is not uploaded twice.',
          kept(notice.damagedFile),
        ].join(' '),
      };
    case 'search-rebuilt':
      return {
        title: `The search index of the catalogue was damaged (${notice.damage}).`,
        remedy: `It was built anew, and nothing was lost. ${kept(notice.damagedFile)}`,
      };
    case 'archives-unwritten':
      return {
        title: `${plural(notice.archives, 'archive')} could not be written into the journal of archives (${printable(notice.first)}).`,
        remedy:
          'The catalogue has them all the same. Export the catalogue, so that what it knows of them is kept elsewhere, too.',
      };
    case 'archives-missing':
      return {
        title: `${plural(notice.archives, 'archive')} that Firn knows ${notice.archives === 1 ? 'is' : 'are'} not in the vault "${printable(notice.vault)}" any more, as its inventory of ${longDateTime(notice.inventoryAt)} says.`,
        remedy: `Somebody else has deleted ${notice.archives === 1 ? 'it' : 'them'}. Keep the local files, or upload them again${surface === 'window' ? '' : '; in the window, the catalogue lists what is missing'}.`,
      };
    case 'records-damaged':
      return {
        title: `Firn's records are damaged (${notice.damage}).`,
        remedy: 'Firn has stopped uploading. Quit it and start it again: it then goes back to its newest backup.',
      };
    case 'records-wait':
      return explain(notice.failure, surface);
    case 'catalogue-not-archived':
      return {
        title: `No copy of the catalogue goes into the vault "${printable(notice.vault)}" any more. ${titleOf(notice.failure)}`,
        remedy:
          `${explain(notice.failure, surface).remedy} Where copies of the catalogue go is said in Settings.`.trimStart(),
      };
    case 'work-stopped':
      return {
        title: `Firn has stopped its work, because something went wrong inside it: ${notice.detail}`,
        remedy:
          'Quit it and start it again: everything goes on where it is, and nothing is lost. If it happens again, please report it.',
      };
    case 'files-elsewhere':
      return {
        title: `What was in ${printable(notice.from)} seems to be in ${printable(notice.to)} now.`,
        remedy:
          surface === 'window'
            ? 'If it is the same drive or folder, uploads and the catalogue go on there; only files that are proven to be the same follow.'
            : `If it is the same drive or folder, end this command, then: firn relocate ${quoted(notice.from)} --to ${quoted(notice.to)}`,
      };
    case 'uploads-expiring':
      return {
        title: `${standingStill(notice)} by ${longDateTime(notice.firstAt)}.`,
        remedy: 'Amazon removes what was sent of a file 24 hours after its last part. Nothing else is lost.',
      };
    default:
      return assertNever(notice);
  }
}

/** As a shell takes it. */
function quoted(path: string): string {
  return `"${printable(path)}"`;
}

/** Both in one line, for the command line. */
export function noticeInOneLine(notice: NoticeBody): string {
  return inOneLine(explainNotice(notice, 'command-line'));
}

function standingStill({ uploads, path }: Extract<NoticeBody, { kind: 'uploads-expiring' }>): string {
  return uploads === 1
    ? `${printable(path)} has to start over unless it goes on`
    : `${plural(uploads, 'unfinished upload')} have to start over unless they go on, the first (${printable(path)})`;
}

type Restored = Extract<NoticeBody, { kind: 'records-restored' }>;

function sinceThen(notice: Restored, surface: Surface): string {
  return `${journalTells(notice, surface)}${pausedTasks(notice)}`;
}

function pausedTasks({ tasksPaused = 0 }: Restored): string {
  return tasksPaused === 0
    ? ''
    : ` Paused, until you resume ${tasksPaused === 1 ? 'it' : 'them'}: ${plural(tasksPaused, 'deletion or retrieval', 'deletions and retrievals')} that the backup tells to be unfinished.`;
}

function journalTells(notice: Restored, surface: Surface): string {
  if (notice.journal === 'incomplete')
    return `The journal of archives does not tell what was stored since${pausedUploads(notice, surface)}.`;
  const added = `The journal of archives gave back ${plural(notice.archivesAdded, 'archive')} stored since`;
  return notice.uploadsSettled === 0
    ? `${added}.`
    : `${added}; ${formatCount(notice.uploadsSettled)} of them still waited in the queue and will not be sent again.`;
}

function pausedUploads({ uploadsPaused: count }: Restored, surface: Surface): string {
  if (count === 0) return '';
  const [are, may, them] = count === 1 ? ['is', 'its file', 'it'] : ['are', 'their files', 'them'];
  const how = surface === 'window' ? '' : ' ("firn resume --all --kind uploads")';
  return `, so ${plural(count, 'upload')} ${are} paused: ${may} may be stored already. Compare before you resume ${them}${how}`;
}

function kept(damagedFile: string | null): string {
  return damagedFile === null ? 'There was no file to keep.' : `The damaged file is kept: ${printable(damagedFile)}.`;
}
