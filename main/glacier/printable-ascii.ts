import type { Failure } from '../../shared/failure.ts';
import { MAX_DESCRIPTION_LENGTH } from '../../shared/description.ts';

/** Glacier takes descriptions of archives and jobs in printable ASCII only, at most 1,024 bytes. */
export function descriptionProblem(description: string): Failure | null {
  if (description.length > MAX_DESCRIPTION_LENGTH) {
    return {
      kind: 'invalid-input',
      detail: `A description has at most ${MAX_DESCRIPTION_LENGTH} characters, not ${description.length}.`,
    };
  }
  if (/^[\x20-\x7e]*$/.test(description)) return null;
  return { kind: 'invalid-input', detail: 'A description has printable ASCII characters only.' };
}
