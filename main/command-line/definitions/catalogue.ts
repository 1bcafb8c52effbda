import { resolve } from 'node:path';
import { fail, ok } from '../../../shared/result.ts';
import { ACCOUNT, SPEED } from '../options.ts';
import { neededVault, readVaults, vaultOf } from '../place.ts';
import type { CommandDefinition } from './definition.ts';

/** Those that are about the catalogue as a whole. */
export const catalogueCommands: readonly CommandDefinition[] = [
  {
    name: 'catalogue import',
    summary: 'adds what a file tells of archives',
    details: [
      'An export or a journal of Firn, a journal of mt-aws-glacier, or a list in CSV. --vault and the account are for files that do not name them.',
    ],
    operand: { name: 'FILE', about: 'the file', completes: 'file' },
    options: ['vault', 'place', ...ACCOUNT],
    about: { vault: 'the vault of files that do not name one' },
    examples: ['catalogue import archives.csv', 'catalogue import journal --vault photographs --region eu-west-1'],
    read: (values, [file]) => {
      if (file === undefined) return fail('Say which file: firn catalogue import FILE.');
      const vault = vaultOf(values);
      return vault.ok ? ok({ kind: 'catalogue-import', file: resolve(file), vault: vault.value }) : vault;
    },
  },
  {
    name: 'catalogue rebuild',
    summary: "brings back the catalogue from the vaults' inventories",
    details: ['Of all vaults of the region when none is named. It takes hours, and may be interrupted and repeated.'],
    operand: { name: 'VAULT', about: 'names of vaults, or places like vault:NAME', many: true },
    options: ['copy', 'noWait', 'dryRun', ...ACCOUNT, ...SPEED],
    examples: ['catalogue rebuild --copy', 'catalogue rebuild --no-wait photographs'],
    read: (values, texts) => {
      const vaults = readVaults(texts);
      if (!vaults.ok) return vaults;
      const { copy = false, wait = true, dryRun = false } = values;
      return ok({ kind: 'catalogue-rebuild', vaults: vaults.value, wait, copy, dryRun });
    },
  },
  {
    name: 'catalogue retrieve',
    summary: 'brings in the copy of the catalogue that an inventory has found',
    options: ['noWait', 'dryRun', ...SPEED],
    examples: ['catalogue retrieve'],
    read: ({ wait = true, dryRun = false }) => ok({ kind: 'catalogue-retrieve', wait, dryRun }),
  },
  {
    name: 'catalogue archive',
    summary: 'puts a copy of the catalogue itself into a vault',
    options: ['vault', 'place', 'dryRun', ...ACCOUNT, ...SPEED],
    about: { vault: 'the vault that it goes into' },
    examples: ['catalogue archive --vault photographs'],
    read: (values) => {
      const vault = neededVault(values);
      return vault.ok ? ok({ kind: 'catalogue-archive', vault: vault.value, dryRun: values.dryRun ?? false }) : vault;
    },
  },
];
