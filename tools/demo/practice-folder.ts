import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readLedger } from '../../main/practice/ledger.ts';

/** Where the practice vault of the first run is said to be. */
const REGION = 'us-east-1';

/** Ranges of parts that the practice vault acknowledged, once for each acknowledgement. */
export function acknowledgedRanges(practiceFolder: string): string[] {
  return committed(practiceFolder, 'UploadMultipartPart').map(({ range }) => range ?? '');
}

/** The archive IDs that completed multipart uploads got. */
export function completedArchives(practiceFolder: string): string[] {
  return committed(practiceFolder, 'CompleteMultipartUpload').map(({ archiveId }) => archiveId ?? '');
}

function committed(practiceFolder: string, operation: string) {
  return readLedger(practiceFolder).filter((entry) => entry.operation === operation && entry.committed);
}

/** Bytes of a part that has begun to arrive at the practice vault and is not whole; null when there is none. */
export function arrivingBytes(practiceFolder: string, partSize: number): number | null {
  const incoming = join(practiceFolder, REGION, 'incoming');
  if (!existsSync(incoming)) return null;
  const sizes = readdirSync(incoming).map(
    (name) => statSync(join(incoming, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  return sizes.find((size) => size > 0 && size < partSize) ?? null;
}
