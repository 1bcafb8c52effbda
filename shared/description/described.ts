/** Glacier's limit for an archive description, in bytes of printable ASCII. */
export const MAX_DESCRIPTION_LENGTH = 1024;

/** The tool whose format a description has; Firn itself writes FastGlacier's. */
export type DescriptionFormat = 'fast-glacier' | 'mt-aws-glacier' | 'cloudberry' | 'qnap' | 'grsync' | 'plain-name';

/** What an archive description says of its file. All of it is whatever somebody wrote: untrusted. Null: it does not tell. */
export type Described = {
  /** Not empty; absolute or relative, of any system; may hold control characters and `..`. */
  path: string;
  /** Milliseconds since 1970. */
  modifiedAt: number | null;
  by: DescriptionFormat;
  /** Bytes of the file before the tool compressed or encrypted it. */
  originalSize: number | null;
  compressed: boolean | null;
  encrypted: boolean | null;
  isFolder: boolean | null;
};

const nothingElse = { modifiedAt: null, originalSize: null, compressed: null, encrypted: null, isFolder: null };

/** What was told, and null for the rest; null altogether without a path. */
export function described(told: Partial<Described> & Pick<Described, 'path' | 'by'>): Described | null {
  return told.path === '' ? null : { ...nothingElse, ...told };
}
