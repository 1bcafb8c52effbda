import { constants } from 'node:os';
import { errorText } from '../../shared/error-text.ts';
import type { PassingCause } from '../../shared/failure.ts';

/** What an error of the file system means, for files that are read and for files that are written alike. */
export type FileTrouble =
  /** There is nothing of that name, or its drive is not there. */
  | { kind: 'gone' }
  /** It may be over in a while without anybody's doing. */
  | { kind: 'passing'; cause: PassingCause }
  /** No room on the drive, or none left for this user account. */
  | { kind: 'full' }
  /** Somebody has to do something first. */
  | { kind: 'lasting'; cause: LastingCause; detail: string };

export type LastingCause =
  'not-allowed' | 'read-only' | 'path-too-long' | 'file-too-large' | 'is-folder' | 'is-link' | 'other';

/** The one classification of what the file system answers. `detail` is the system's own message. */
export function fileTrouble(error: unknown): FileTrouble {
  const code = fileErrorCode(error);
  const known = byCode.get(code);
  if (known) return known;
  const detail = errorText(error);
  return { kind: 'lasting', cause: lastingByCode[code] ?? 'other', detail };
}

/**
 * The error's code, such as `EBUSY`; an empty text when it has none. Node does not know all of the system's errors by
 * name: it calls EDEADLK, ESTALE and EDQUOT of Linux "Unknown system error -35" and so on.
 */
export function fileErrorCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  const code = String(error.code);
  if (!code.startsWith('Unknown system error')) return code;
  return nameByNumber.get(Number(code.slice('Unknown system error'.length))) ?? code;
}

/** By the negative numbers that Node tells. */
const nameByNumber: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno).map(([name, number]) => [-number, name]),
);

const passing: Readonly<Record<PassingCause, readonly string[]>> = {
  locked: ['EBUSY', 'ETXTBSY', 'ENOLCK'],
  drive: ['EIO', 'EREMOTEIO', 'EBADMSG'],
  network: [
    'ESTALE',
    'ENOTCONN',
    'ETIMEDOUT',
    'ETIME',
    'EHOSTDOWN',
    'EHOSTUNREACH',
    'ENETDOWN',
    'ENETUNREACH',
    'ENETRESET',
    'ECONNRESET',
    'ECONNABORTED',
    'ECONNREFUSED',
    'ESHUTDOWN',
    'ENOLINK',
    'EPIPE',
  ],
  // What reading a file gives whose bytes are not on this computer, when the cloud's program does not fetch them.
  cloud: ['EDEADLK'],
  'short-of-files': ['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EAGAIN', 'EINTR'],
  // What Windows says that Node has no name for, among it the errors of cloud files and of drives that are not ready.
  unknown: ['UNKNOWN'],
};

const byCode: ReadonlyMap<string, FileTrouble> = new Map<string, FileTrouble>([
  ...['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO'].map((code) => [code, { kind: 'gone' }] as const),
  ...['ENOSPC', 'EDQUOT'].map((code) => [code, { kind: 'full' }] as const),
  ...(Object.keys(passing) as PassingCause[]).flatMap((cause) =>
    passing[cause].map((code) => [code, { kind: 'passing', cause }] as const),
  ),
]);

const lastingByCode: Readonly<Record<string, LastingCause>> = {
  EACCES: 'not-allowed',
  EPERM: 'not-allowed',
  EROFS: 'read-only',
  ENAMETOOLONG: 'path-too-long',
  EFBIG: 'file-too-large',
  EISDIR: 'is-folder',
  ELOOP: 'is-link',
};
