import type { LucideIcon } from '@lucide/svelte';
import ArrowDownToLine from '@lucide/svelte/icons/arrow-down-to-line';
import FileCheck from '@lucide/svelte/icons/file-check';
import type { ArchiveChoice, ArchiveSum } from '../../../shared/archive.ts';
import type { Model } from '../../state/model.svelte.ts';

/** What can be done with the archives that are chosen in the catalogue. `sum` as it was when it was asked for. */
type ArchiveAction = {
  name: string;
  icon: LucideIcon;
  act: (model: Model, choice: ArchiveChoice, sum: ArchiveSum) => void;
};

/** In the order in which they are offered. */
export const archiveActions: readonly ArchiveAction[] = [
  {
    name: 'Retrieve…',
    icon: ArrowDownToLine,
    act: (model, choice, sum) => {
      model.retrieve(choice, sum);
    },
  },
  {
    name: 'Check local files',
    icon: FileCheck,
    act: (model, choice) => void model.run('checks:ask', { choice }),
  },
];
