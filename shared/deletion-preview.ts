import type { ArchiveSum, FrozenChoice } from './archive.ts';
import { formatBytes } from './units.ts';
import { formatCount, plural } from './words.ts';

/** What there is to know before archives are deleted. Sizes in bytes, times in milliseconds since 1970. */
export type DeletionPreview = FrozenChoice & {
  /** Those that Amazon bills all the same, because they are younger than 90 days. `until`: for the youngest. */
  young: (ArchiveSum & { until: number }) | null;
  copies: LocalCopies;
  /** Uploads of the same files into the same vault that are not over. */
  uploads: number;
  /** Retrievals of these archives that are not over. */
  retrievals: number;
};

/** What a look at the local files of the first `looked` archives told: by size and date alone, not by their bytes. */
export type LocalCopies = {
  looked: number;
  there: number;
  missing: number;
  changed: number;
  /** Nobody knows where the file was. */
  unknown: number;
  /** The first hundred without a copy, by path or archive ID. */
  without: string[];
};

/** What there is to know before a vault is emptied. */
export type EmptyingPreview = {
  vault: string;
  /** As of the vault's last inventory; archives and bytes. */
  listed: ArchiveSum & { inventoryAt: number | null };
  /** What Firn's catalogue has of it. */
  catalogued: ArchiveSum;
  young: DeletionPreview['young'];
  /** Multipart uploads that stand open in it, of whatever program. Firn leaves them alone. */
  openUploads: number;
  /** Uploads into the vault in Firn's own queue: while there are any, it is not emptied. */
  queued: number;
  /** Retrievals from the vault that are not over. */
  retrievals: number;
  /** What is stored later was not looked at, and is not deleted. Milliseconds since 1970, by the later of two clocks: the service's, this computer's. */
  until: number;
};

/** What deleting means, each a sentence or two; `count` archives are gone for good. */
export function deletionWords(preview: DeletionPreview): string[] {
  const { count, bytes, young, uploads, retrievals } = preview;
  return [
    `${plural(count, 'archive')}, ${formatBytes(bytes)}, will be deleted from Glacier. Nobody can bring ${count === 1 ? 'it' : 'them'} back, neither Amazon nor Firn.`,
    ...copyWords(preview.copies, count),
    ...youngWords(young),
    ...(uploads > 0
      ? [
          `${plural(uploads, 'upload')} of the same files into the same vault ${uploads === 1 ? 'is' : 'are'} not over; what ${uploads === 1 ? 'it stores' : 'they store'} stays. Cancel ${uploads === 1 ? 'it' : 'them'} in the queue if you do not want that.`,
        ]
      : []),
    ...retrievalWords(retrievals, 'of these archives'),
  ];
}

function retrievalWords(count: number, which: string): string[] {
  if (count === 0) return [];
  return [
    `${plural(count, 'retrieval')} ${which} ${count === 1 ? 'is' : 'are'} not over and may fail: only what Glacier has prepared already can still be fetched.`,
  ];
}

/** The same for a vault. */
export function emptyingWords(preview: EmptyingPreview, closes: boolean): string[] {
  const { vault, listed, catalogued, young, openUploads, retrievals } = preview;
  const known =
    listed.inventoryAt === null
      ? `Glacier has no inventory of "${vault}" yet`
      : `By its last inventory (${dayOf(listed.inventoryAt)}) "${vault}" has ${plural(listed.count, 'archive')}, ${formatBytes(listed.bytes)}`;
  return [
    `${known}; Firn's catalogue knows ${formatCount(catalogued.count)}. All of them will be deleted, also those of other programs. Nobody can bring them back, neither Amazon nor Firn.`,
    ...youngWords(young),
    ...retrievalWords(retrievals, 'from this vault'),
    'Archives that are put into the vault from now on are not deleted: they stop this, and Firn says so.',
    closes
      ? 'When an inventory shows the vault empty, a day or two after the last deletion, Firn deletes the vault. You may close Firn meanwhile.'
      : 'A day or two after the last deletion an inventory shows the vault empty, and Firn says so. You may close Firn meanwhile.',
    ...(openUploads > 0
      ? [
          `${plural(openUploads, 'multipart upload')} ${openUploads === 1 ? 'stands' : 'stand'} open in the vault. Firn leaves ${openUploads === 1 ? 'it' : 'them'} alone; Glacier keeps the vault until ${openUploads === 1 ? 'it is' : 'they are'} over, and drops what is idle for a day.`,
        ]
      : []),
  ];
}

function copyWords(copies: LocalCopies, count: number): string[] {
  const { looked, there, missing, changed, unknown } = copies;
  const without = looked - there;
  if (count === 1) return [onlyCopyWords(copies)];
  const scope = looked < count ? `Of the first ${formatCount(looked)} that Firn looked for, ` : '';
  if (without === 0) {
    const each = scope === '' ? 'Each' : 'each';
    return [`${scope}${each} has a file of the same size and date on this computer. Firn has not compared the bytes.`];
  }
  const reasons = [
    missing > 0 ? `the file of ${formatCount(missing)} is not there` : null,
    changed > 0 ? `that of ${formatCount(changed)} has changed` : null,
    unknown > 0 ? `where that of ${formatCount(unknown)} was, nobody knows` : null,
  ].filter((reason) => reason !== null);
  return [`${scope}${plural(without, 'archive')} may be the only copy as far as Firn knows: ${reasons.join('; ')}.`];
}

/** Of a single archive. */
function onlyCopyWords({ there, missing, changed }: LocalCopies): string {
  if (there > 0) return 'A file of the same size and date is on this computer. Firn has not compared the bytes.';
  const reason =
    missing > 0 ? 'its file is not there' : changed > 0 ? 'its file has changed' : 'nobody knows where its file was';
  return `This may be the only copy as far as Firn knows: ${reason}.`;
}

function youngWords(young: DeletionPreview['young']): string[] {
  if (young === null) return [];
  const { count, bytes, until } = young;
  return [
    `${plural(count, 'archive')}, ${formatBytes(bytes)}, ${count === 1 ? 'is' : 'are'} younger than 90 days. Amazon bills ${count === 1 ? 'it' : 'each'} until that age all the same, as an early deletion fee: ${count === 1 ? 'until' : 'the youngest until'} ${dayOf(until)}.`,
  ];
}

/** `2026-11-25`. */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
