import { archiveCommands } from './archives.ts';
import { catalogueCommands } from './catalogue.ts';
import type { CommandDefinition } from './definition.ts';
import { otherCommands } from './others.ts';
import { taskCommands } from './tasks.ts';
import { uploadCommands } from './uploads.ts';
import { vaultCommands } from './vaults.ts';

/** Every command, in the order of the help. */
export const commands: readonly CommandDefinition[] = [
  ...uploadCommands,
  ...archiveCommands,
  ...catalogueCommands,
  ...vaultCommands,
  ...taskCommands,
  ...otherCommands,
];

/** Commands of two words begin with one of these. */
export const groups: Readonly<Record<string, string>> = {
  catalogue: 'lists, exports, imports and brings back what Firn knows of archives',
  vault: 'creates, lists and empties vaults',
};
