import { resolve } from 'node:path';
import { type Result, fail, ok } from '../../../shared/result.ts';
import { isEverything, readFilter } from '../filter.ts';
import { FILTERS, type OptionName, SPEED, type Values } from '../options.ts';
import { TASK_KINDS, type TypedTaskFilter } from '../choose-tasks.ts';
import type { CommandDefinition } from './definition.ts';

const ids = { name: 'ID', about: 'IDs of uploads, retrievals and deletions, as --id', many: true } as const;
const choosing: readonly OptionName[] = ['kind', ...FILTERS];
const about = {
  search: "words that all occur in the file's path, or in the vault's name",
  all: 'all of them, where nothing else is said',
} as const;

const goesOn = [
  'Nothing runs by that alone: "firn run" does it. What Amazon would bill once more goes on only by its ID.',
];

/** Those that are about what waits, runs, and needs somebody. */
export const taskCommands: readonly CommandDefinition[] = [
  {
    name: 'run',
    summary: 'goes on with whatever waits, after a crash, too',
    details: [
      'Until each is over or needs you. What needs you is left as it is: "firn retry", "firn resume" and "firn start-over" let it go on.',
    ],
    options: ['dryRun', ...SPEED],
    examples: ['run --limit 2MiB'],
    read: ({ dryRun = false }) => ok({ kind: 'run', dryRun }),
  },
  {
    name: 'queue',
    summary: 'lists the uploads: what waits, runs, and needs you',
    options: [],
    examples: ['queue'],
    read: () => ok({ kind: 'queue' }),
  },
  {
    name: 'retrievals',
    summary: 'lists what is being retrieved',
    options: [],
    examples: ['retrievals'],
    read: () => ok({ kind: 'retrievals' }),
  },
  {
    name: 'deletions',
    summary: 'lists what is being deleted and emptied',
    options: [],
    examples: ['deletions'],
    read: () => ok({ kind: 'deletions' }),
  },
  change(
    'pause',
    'lets uploads, retrievals and deletions rest until they are resumed',
    [],
    ['pause --all', 'pause --kind uploads --vault photographs'],
  ),
  change('resume', 'lets go on what is paused, waits, or has failed', goesOn, ['resume --all']),
  change('retry', 'lets go on what has failed, and leaves alone what is paused', goesOn, ['retry --all']),
  {
    name: 'relocate',
    summary: 'tells that a folder is at another path now, as that of a drive under another name',
    details: [
      'Uploads from it and retrievals into it go on there, and the catalogue and its checks look there.',
      'Only what is proven to be the same file follows. Nothing runs by that alone: "firn run" does it.',
    ],
    operand: { name: 'FOLDER', about: 'the folder as it was, which need not be there any more', completes: 'file' },
    options: ['to'],
    about: { to: 'where the folder is now' },
    examples: ['relocate /media/Back/photos --to "/media/Back 1/photos"'],
    read: ({ to }, [from]) => {
      if (from === undefined) return fail('Say which folder it was.');
      if (to === undefined) return fail('Say where it is now: --to DIR.');
      const isOfWindows = /^([a-z]:[\\/]|\\\\)/i.test(from);
      return ok({ kind: 'relocate', from: isOfWindows ? from : resolve(from), to: resolve(to) });
    },
  },
  {
    name: 'start-over',
    summary: 'gives up what was sent of uploads, and adds their files anew, as they are now',
    operand: ids,
    options: ['dryRun', 'yes', ...choosing.filter((name) => name !== 'kind')],
    about,
    filters: true,
    examples: ['start-over --search DSC_0001'],
    read: (values, operands) => {
      const filter = readTasks({ ...values, kind: 'uploads' }, operands);
      return filter.ok ? ok({ kind: 'start-over', filter: filter.value, ...deliberate(values) }) : filter;
    },
  },
  {
    name: 'cancel',
    summary: 'gives up uploads, retrievals and deletions',
    details: ['What was sent of an upload is removed at Amazon. What was deleted stays deleted.'],
    operand: ids,
    options: ['dryRun', 'yes', ...choosing],
    about,
    filters: true,
    examples: ['cancel --kind retrievals --all', 'cancel --dry-run --search 2009'],
    read: (values, operands) => {
      const filter = readTasks(values, operands);
      return filter.ok ? ok({ kind: 'cancel', filter: filter.value, ...deliberate(values) }) : filter;
    },
  },
];

function change(
  kind: 'pause' | 'resume' | 'retry',
  summary: string,
  details: readonly string[],
  examples: readonly string[],
): CommandDefinition {
  return {
    name: kind,
    summary,
    details,
    operand: ids,
    options: choosing,
    about,
    filters: true,
    examples,
    read: (values, operands) => {
      const filter = readTasks(values, operands);
      return filter.ok ? ok({ kind, filter: filter.value }) : filter;
    },
  };
}

function deliberate({ dryRun = false, yes = false }: Values): { dryRun: boolean; yes: boolean } {
  return { dryRun, yes };
}

function readTasks(values: Values, ids: readonly string[]): Result<TypedTaskFilter, string> {
  const filter = readFilter(values, ids);
  if (!filter.ok) return filter;
  const kind = TASK_KINDS.find((one) => one === values.kind) ?? null;
  if (!filter.value.all && isEverything(filter.value)) {
    return fail(
      'Say which ones: their IDs, or --vault, --account, --search; or --all. "firn queue", "firn retrievals" and "firn deletions" list them.',
    );
  }
  return ok({ ...filter.value, kind });
}
