import { assertNever } from './assert.ts';
import type { FoundCopy } from './catalogue-copy.ts';
import { longDateTime } from './dates.ts';
import type { Surface } from './failure-words/wording.ts';
import { type Explanation, explain, inOneLine } from './failure.ts';
import { formatBytes } from './units.ts';
import { describeImport } from './words.ts';

/** What there is to say of a copy of the catalogue that was found in a vault, and what it means for the user. */
export function explainCopy({ vault, madeAt, size, state }: FoundCopy, surface: Surface): Explanation {
  const copy = `copy of the catalogue of ${longDateTime(madeAt)}`;
  switch (state.kind) {
    case 'offered':
      return {
        title: `The vault "${vault}" holds a ${copy}.`,
        remedy: `It knows what inventories do not tell: whole paths, exact dates, other vaults. Firn can retrieve it (${formatBytes(size)}, usually 3 to 5 hours) and add what it knows.`,
      };
    case 'coming':
      return {
        title: `The ${copy} is on its way back.`,
        remedy: 'Retrievals show how far it is. Firn may be closed meanwhile, and brings it in when it is here.',
      };
    case 'back':
      return { title: `The ${copy} is back.`, remedy: `${describeImport(state.imported)}.` };
    case 'failed':
      return { title: `The ${copy} could not be brought back.`, remedy: inOneLine(explain(state.failure, surface)) };
    default:
      return assertNever(state);
  }
}
