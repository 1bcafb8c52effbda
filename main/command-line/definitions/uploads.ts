import { resolve } from 'node:path';
import { fail, ok } from '../../../shared/result.ts';
import { ACCOUNT, SPEED } from '../options.ts';
import { neededVault } from '../place.ts';
import { readSize } from '../sizes.ts';
import type { CommandDefinition } from './definition.ts';

export const uploadCommands: readonly CommandDefinition[] = [
  {
    name: 'upload',
    summary: 'queues files and folders, and runs until each is stored or needs you',
    details: [
      'It may be interrupted and repeated. What the catalogue or the queue has already, unchanged, is left out. A link that is named is followed; links below a folder are left out.',
      '--include and --exclude take globs. One without a slash is compared with the names of files and folders at any depth; one with a slash with the path below the folder that was named. A folder that --exclude meets is left out with all that is in it; --exclude goes before --include. Capital and small letters differ.',
    ],
    operand: { name: 'PATH', about: 'files and folders', many: true, completes: 'file' },
    options: [
      'vault',
      'place',
      'filesFrom',
      'null',
      'include',
      'exclude',
      'again',
      'partSize',
      'dryRun',
      ...ACCOUNT,
      ...SPEED,
    ],
    about: { vault: 'the vault that they go into', place: 'the same as a place: vault:NAME' },
    examples: [
      'upload --vault photographs ~/Pictures/2025',
      "upload --vault photographs --include '*.{cr2,CR2}' --exclude '.*' ~/Pictures",
      'find . -newer stamp -type f -print0 | firn upload --vault office --null --files-from -',
    ],
    read: (values, paths) => {
      const vault = neededVault(values);
      if (!vault.ok) return vault;
      const { filesFrom = null, include = [], exclude = [], again = false, dryRun = false } = values;
      if (paths.length === 0 && filesFrom === null) return fail('Say which files or folders to upload.');
      if (values.null && filesFrom === null) return fail('--null is for the paths of --files-from.');
      const partSize = readSize(values.partSize, 'part size');
      if (!partSize.ok) return partSize;
      return ok({
        kind: 'upload',
        vault: vault.value,
        partSize: partSize.value,
        again,
        dryRun,
        paths: paths.map((path) => resolve(path)),
        filesFrom: filesFrom === null ? null : { file: filesFrom, separator: values.null ? '\0' : '\n' },
        globs: include.length + exclude.length === 0 ? null : { include, exclude },
      });
    },
  },
];
