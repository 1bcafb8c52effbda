import { type Mutant, mainMutants } from './mutant.ts';

const tests = ['command-line/filters'];

/** What a person types to choose archives: whatever is dropped on its way reaches archives that were not meant. */
export const filters: Mutant[] = [
  ...mainMutants('command-line/filter.ts', tests, [
    ['a vault is heeded', '    vault: vault.value,\n', '    vault: null,\n'],
    ['an account is heeded', '    accounts: account,\n', '    accounts: [],\n'],
    [
      'each account that is named is looked for',
      'for (const name of names) {',
      'for (const name of names.slice(0, 1)) {',
    ],
    [
      'a profile is heeded',
      '    profile,\n    region,\n    endpointUrl,\n',
      '    profile: null,\n    region,\n    endpointUrl,\n',
    ],
    [
      'a region is heeded',
      '    profile,\n    region,\n    endpointUrl,\n',
      '    profile,\n    region: null,\n    endpointUrl,\n',
    ],
    [
      'an address is heeded',
      '    profile,\n    region,\n    endpointUrl,\n',
      '    profile,\n    region,\n    endpointUrl: null,\n',
    ],
    ['words are heeded', '    search,\n    ids: [', '    search: null,\n    ids: ['],
    ['IDs are heeded', 'ids: [...new Set([...id, ...ids])]', 'ids: []'],
    ['words reach the catalogue', "text: search ?? ''", "text: ''"],
    ['accounts reach the catalogue', 'accountIds: accountIds.value,', 'accountIds: null,'],
    [
      'the region reaches the catalogue',
      '    accountIds: accountIds.value,\n    region,',
      '    accountIds: accountIds.value,',
    ],
    ['the vault reaches the catalogue', '    region,\n    vault,\n    archiveIds', '    region,\n    archiveIds'],
    ['IDs reach the catalogue', 'archiveIds: ids.length > 0 ? ids : null', 'archiveIds: null'],
    ['accounts are narrowed by their names', 'left = left.filter((one) => named.value.includes(one));', ''],
    ['accounts are narrowed by their profile', 'account.source.profile === profile);', 'true);'],
    ['accounts are narrowed by their address', 'account?.endpointUrl === endpointUrl', 'true'],
    ['a number is that of the account', 'numbers.every((number) => number === name)', 'true'],
    [
      'all has to be asked for by that name',
      'if (!filter.ok || filter.value.all || !isEverything(filter.value)) return filter;',
      'return filter;',
    ],
  ]),
  ...mainMutants('command-line/place.ts', tests, [
    [
      'a place is heeded',
      'vault === undefined ? place : `vault:${vault}`',
      'vault === undefined ? undefined : `vault:${vault}`',
    ],
  ]),
  ...mainMutants('command-line/read-value.ts', tests, [
    ['a blank value is refused', "if (value.trim() === '')", 'if (false)'],
  ]),
  ...mainMutants('command-line/choose-archives.ts', tests, [
    [
      'what the filters say reaches the choice',
      "choice: { kind: 'matching', ...filter.value, except: [] }",
      "choice: { kind: 'matching', ...everyArchive, except: [] }",
    ],
  ]),
  ...mainMutants('store/catalogue-search.ts', tests, [
    [
      'archives are narrowed by account',
      "if (accountIds !== null)\n    parts.push({ sql: 'account_id IN (SELECT value FROM json_each(?))', values: [json(accountIds)] });",
      '',
    ],
    ['by region', "if (region !== null) parts.push({ sql: 'region = ?', values: [region] });", ''],
    ['by vault', "if (vault !== null) parts.push({ sql: 'called = ?', values: [vault] });", ''],
    ['by ID', 'if (archiveIds !== null) others.push(', 'if (false) others.push('],
    [
      'by words',
      'const indexed = words.filter((word) => isIndexed(word) && !isArchiveId(word) && !mayBePiece(word));',
      'const indexed: string[] = [];\n  words.length = 0;',
    ],
  ]),
  ...mainMutants('store/sums-by-vault.ts', tests, [
    ['whole vaults are those of the account', 'account_id IN (SELECT value FROM json_each(@accounts))', '1'],
    ['and of the vault', '(@vault IS NULL OR vault = @vault)', '1'],
    ['a region is no whole vault', 'region !== null || ', ''],
    ['IDs are no whole vault', ' || archiveIds !== null', ''],
    ['words are no whole vault', "text.trim() !== '' || ", ''],
  ]),
];
