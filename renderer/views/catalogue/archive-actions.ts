import type { LucideIcon } from '@lucide/svelte';
import ArrowDownToLine from '@lucide/svelte/icons/arrow-down-to-line';
import FileCheck from '@lucide/svelte/icons/file-check';
import FileOutput from '@lucide/svelte/icons/file-output';
import Trash from '@lucide/svelte/icons/trash-2';
import type { ArchiveChoice, ArchiveSum } from '../../../shared/archive.ts';
import type { Model } from '../../state/model.svelte.ts';
import { archiveName } from './archive-name.ts';

/** What can be done with the archives that are chosen in the catalogue. `sum` as it was when it was asked for. */
type ArchiveAction = {
  name: string;
  icon: LucideIcon;
  /** Whether the details of a single archive offer it, too. */
  inDetails: boolean;
  act: (model: Model, choice: ArchiveChoice, sum: ArchiveSum) => void;
};

/** In the order in which they are offered. */
export const archiveActions: readonly ArchiveAction[] = [
  {
    name: 'Retrieve…',
    icon: ArrowDownToLine,
    inDetails: true,
    act: (model, choice, sum) => {
      model.retrieve(choice, sum);
    },
  },
  {
    name: 'Check local files',
    icon: FileCheck,
    inDetails: false,
    act: (model, choice) => void model.run('checks:ask', { choice }),
  },
  {
    name: 'Export selected…',
    icon: FileOutput,
    inDetails: false,
    act: (model, choice, sum) => {
      model.export({ choice, sum });
    },
  },
  {
    name: 'Delete…',
    icon: Trash,
    inDetails: true,
    act: deleteArchives,
  },
];

/** Opens the question what would be lost; nothing is deleted yet. */
export function deleteArchives(model: Model, choice: ArchiveChoice, sum: ArchiveSum): void {
  const [id] = choice.kind === 'ids' && choice.ids.length === 1 ? choice.ids : [];
  const archive = id === undefined ? null : model.catalogue.find(id);
  model.delete(choice, sum, archive && archiveName(archive));
}
