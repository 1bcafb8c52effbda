import { plural } from './words.ts';

/** What came of telling Firn where files are now. */
export type Relocated = {
  uploads: number;
  archives: number;
  /** There is no such file at the new place. */
  missing: number;
  /** There is one, and it is another. */
  differing: number;
  /** Uploads whose file waits, or is an archive, under its new path as well: they were left alone. */
  twice: number;
};

/** A sentence for each thing that people have to know. */
export function describeRelocated({ uploads, archives, missing, differing, twice }: Relocated): string[] {
  const notes = [
    uploads + archives === 0
      ? 'Nothing of it was found at the new place, so nothing was changed.'
      : `${plural(uploads, 'upload')} and ${plural(archives, 'archive')} have their files at the new place now.`,
  ];
  if (missing > 0) notes.push(`${plural(missing, 'file is', 'files are')} not at the new place.`);
  if (differing > 0) notes.push(`${plural(differing, 'file is', 'files are')} not the same at the new place.`);
  if (twice > 0) {
    notes.push(
      `${plural(twice, 'upload')} stayed as before: the same file waits, or is stored, from the new place already. Cancel what is not needed.`,
    );
  }
  return notes;
}
