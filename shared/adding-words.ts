import type { Preview, Unexpected } from './selection.ts';
import { plural } from './words.ts';

/** What people may not expect of the files that they add, a sentence or two for each. */
export function describeUnexpected({ beside, instead, placeholders }: Unexpected): string[] {
  const notes: string[] = [];
  if (beside > 0) {
    notes.push(
      `${plural(beside, 'file differs', 'files differ')} in size or time from what waits in the queue under the same name: the queue keeps both.`,
    );
  }
  if (instead > 0) {
    notes.push(
      `${plural(instead, 'file', 'files')} changed after an earlier upload had begun, which stopped: this upload takes its place and sends what is there now.`,
    );
  }
  if (placeholders > 0) {
    notes.push(
      `${plural(placeholders, 'file has', 'files have')} no bytes on this computer: a cloud keeps them, or they are empty space. To be uploaded they are downloaded first, by the cloud's own program.`,
    );
  }
  return notes;
}

/** Of the files that are there already. */
export function describeAlreadyThere({ alreadyThere }: Pick<Preview, 'alreadyThere'>): string {
  return `${plural(alreadyThere, 'file is', 'files are')} already in this vault or in the queue as ${alreadyThere === 1 ? 'it is' : 'they are'} now, and ${alreadyThere === 1 ? 'is' : 'are'} left out.`;
}
