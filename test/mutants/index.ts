import type { Mutant } from './mutant.ts';
import { filters } from './filters.ts';
import { beginnings } from './queue/beginnings.ts';
import { lastRequests } from './queue/last-requests.ts';
import { partsSent } from './queue/parts-sent.ts';
import { records } from './queue/records.ts';
import { running } from './queue/running.ts';
import { sources } from './queue/sources.ts';
import { waits } from './queue/waits.ts';
import { retrievals } from './retrievals.ts';
import { senders } from './senders.ts';
import { settings } from './settings.ts';
import { uploads } from './uploads.ts';

export { judgeAll, occurrences } from './run.ts';

/** Every rule of the upload, broken one at a time. */
const queue = [...beginnings, ...partsSent, ...lastRequests, ...sources, ...waits, ...running, ...records];

/** The same of every check of the practice vault. */
export const mutants: readonly Mutant[] = [...queue, ...senders, ...uploads, ...retrievals, ...settings, ...filters];
