import { assertNever } from './assert.ts';
import type { FoundCopy } from './catalogue-copy.ts';
import { explainInOneLine } from './failure.ts';
import { formatBytes } from './units.ts';
import { describeImport } from './words.ts';

/** What there is to say of a copy of the catalogue that was found in a vault, and what it means for the user. */
export function explainCopy({ vault, madeAt, size, state }: FoundCopy): { title: string; remedy: string } {
  const date = new Date(madeAt).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
  const copy = `copy of the catalogue of ${date}`;
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
      return { title: `The ${copy} could not be brought back.`, remedy: explainInOneLine(state.failure) };
    default:
      return assertNever(state);
  }
}
