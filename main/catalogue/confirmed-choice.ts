import type { Failure } from '../../shared/failure.ts';
import { plural } from '../../shared/words.ts';

/** What was confirmed is not any more what was shown. `detail`: a sentence. */
export function choiceChanged(detail: string): Failure {
  return { kind: 'choice-changed', detail };
}

/** Also after a restart, which forgets what was shown before. */
export const choiceForgotten = choiceChanged('It was too long ago that these archives were looked at.');

/** Null while all of the archives that were shown are there. */
export function choiceLeft({ count, gone }: { count: number; gone: number }): Failure | null {
  if (gone === 0) return null;
  const are = gone === 1 ? 'has' : 'have';
  return choiceChanged(
    `${plural(gone, 'archive')} of the ${plural(count, 'archive')} ${are} left the catalogue since.`,
  );
}
