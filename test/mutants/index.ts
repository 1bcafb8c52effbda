import type { Mutant } from './mutant.ts';
import { retrievals } from './retrievals.ts';
import { senders } from './senders.ts';
import { settings } from './settings.ts';
import { uploads } from './uploads.ts';

export { judgeAll, occurrences } from './run.ts';

/** Every check of the practice vault, switched off one at a time. */
export const mutants: readonly Mutant[] = [...senders, ...uploads, ...retrievals, ...settings];
