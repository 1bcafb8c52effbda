import { fail, ok } from '../../../shared/result.ts';
import { ACCOUNT } from '../options.ts';
import { readVault, readVaults } from '../place.ts';
import type { CommandDefinition } from './definition.ts';

const vaults = { name: 'VAULT', about: 'names of vaults, or places like vault:NAME', many: true } as const;
const vault = { name: 'VAULT', about: 'the name of the vault, or vault:NAME' } as const;

/** Those that are about whole vaults. */
export const vaultCommands: readonly CommandDefinition[] = [
  {
    name: 'vault create',
    summary: 'creates a vault',
    operand: vault,
    options: ['dryRun', ...ACCOUNT],
    examples: ['vault create photographs --region eu-west-1'],
    read: (values, [text]) => {
      if (text === undefined) return fail('Say which vault: firn vault create NAME.');
      const name = readVault(text);
      return name.ok ? ok({ kind: 'vault-create', name: name.value, dryRun: values.dryRun ?? false }) : name;
    },
  },
  {
    name: 'vault list',
    summary: 'lists the vaults',
    options: ACCOUNT,
    examples: ['vault list --profile work'],
    read: () => ok({ kind: 'vault-list' }),
  },
  {
    name: 'vault empty',
    summary: 'says what is lost, asks, and deletes all that is in a vault for good',
    details: [
      'Also archives of other programs. It takes days, since Amazon takes inventory once a day, and may be interrupted and repeated.',
    ],
    operand: vault,
    options: ['close', 'alsoNew', 'yes', 'noWait', 'dryRun', ...ACCOUNT],
    examples: ['vault empty --dry-run holiday', 'vault empty --close holiday'],
    read: (values, [text]) => {
      if (text === undefined) return fail('Say which vault: firn vault empty NAME.');
      const name = readVault(text);
      if (!name.ok) return name;
      const { close = false, alsoNew = false, yes = false, wait = true, dryRun = false } = values;
      return ok({ kind: 'vault-empty', vault: name.value, closes: close, alsoNew, yes, wait, dryRun });
    },
  },
  {
    name: 'inventory',
    summary: 'asks for inventories and compares them with the catalogue',
    operand: vaults,
    options: ['wait', 'dryRun', ...ACCOUNT],
    examples: ['inventory --wait photographs'],
    read: (values, texts) => {
      if (texts.length === 0) return fail('Say of which vaults: firn inventory VAULT...');
      const names = readVaults(texts);
      if (!names.ok) return names;
      const { wait = false, dryRun = false } = values;
      return ok({ kind: 'inventory', vaults: names.value, wait, dryRun });
    },
  },
  {
    name: 'doctor',
    summary: 'says what is wrong with the account, how to mend it, and which policy it needs',
    operand: vaults,
    options: ACCOUNT,
    examples: ['doctor photographs'],
    read: (_, texts) => {
      const names = readVaults(texts);
      return names.ok ? ok({ kind: 'doctor', vaults: names.value }) : names;
    },
  },
];
