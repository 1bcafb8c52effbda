import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type MockInstance, afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readArguments } from '../../main/command-line/arguments.ts';
import type { Arguments, Command } from '../../main/command-line/command.ts';
import { exportArchives } from '../../main/command-line/catalogue.ts';
import { deleteArchives } from '../../main/command-line/delete.ts';
import type { ExitCode } from '../../main/command-line/exit-code.ts';
import { showCatalogue } from '../../main/command-line/look.ts';
import { Output } from '../../main/command-line/output.ts';
import { retrieve } from '../../main/command-line/retrieve.ts';
import { verify } from '../../main/command-line/verify.ts';
import type { App } from '../../main/app/app.ts';
import { openApp } from '../../main/app/open.ts';
import { noKeyring } from '../../main/places/secrets.ts';
import { AccountStore } from '../../main/store/accounts.ts';
import { CatalogueStore } from '../../main/store/catalogue.ts';
import { openDatabase } from '../../main/store/database.ts';
import type { Account, AccountId } from '../../shared/account.ts';
import type { ArchiveChoice, ChoiceToken } from '../../shared/archive.ts';
import { fail } from '../../shared/result.ts';
import { archiveRow } from '../support/catalogue.ts';
import { account as sample } from '../support/store.ts';

const ENDPOINT = 'http://127.0.0.1:9';
const work: Account = {
  ...sample,
  id: '11111111-0000-4000-8000-000000000000' as AccountId,
  name: 'work',
  source: { kind: 'profile', profile: 'office' },
  region: 'eu-west-1',
};
const home: Account = {
  ...sample,
  id: '22222222-0000-4000-8000-000000000000' as AccountId,
  name: 'home',
  source: { kind: 'profile', profile: 'family' },
  region: 'us-east-1',
  endpointUrl: ENDPOINT,
};
const numbers: Readonly<Record<string, string>> = { work: '111122223333', home: '444455556666' };

type Known = { id: string; account: Account; region: string; vault: string; path: string };

/** Two accounts with three vaults of the same names, and in each the same paths. */
const archives: Known[] = [work, home].flatMap((account) =>
  ['photos', 'office', 'holiday'].flatMap((vault) =>
    ['/pictures/IMG_1.raw', '/pictures/DSC_2.raw'].map((path, index) => ({
      id: `${account.name}-${vault}-${index}-`.padEnd(138, 'x'),
      account,
      // As imports tell it, an archive may be in another region than its account.
      region: vault === 'holiday' ? 'us-east-1' : account.region,
      vault,
      path,
    })),
  ),
);
const [first] = archives;
const named = first?.id ?? '';

type Filter = { args: readonly string[]; takes: (archive: Known) => boolean };
const filters: Readonly<Record<string, Filter>> = {
  vault: { args: ['--vault', 'photos'], takes: ({ vault }) => vault === 'photos' },
  place: { args: ['--place', 'vault:holiday'], takes: ({ vault }) => vault === 'holiday' },
  'account by name': { args: ['--account', 'work'], takes: ({ account }) => account === work },
  'account by ID': { args: ['--account', home.id], takes: ({ account }) => account === home },
  'account by number': { args: ['--account', numbers['work'] ?? ''], takes: ({ account }) => account === work },
  profile: { args: ['--profile', 'family'], takes: ({ account }) => account === home },
  region: { args: ['--region', 'us-east-1'], takes: ({ region }) => region === 'us-east-1' },
  endpoint: { args: ['--endpoint-url', ENDPOINT], takes: ({ account }) => account === home },
  search: { args: ['--search', 'img pictures'], takes: ({ path }) => path.includes('IMG') },
  ID: { args: ['--id', named], takes: ({ id }) => id === named },
  all: { args: ['--all'], takes: () => true },
};

/** What makes no sense together, and is refused. */
const excluding: readonly (readonly [string, string])[] = [['vault', 'place']];
/** Several of these mean any of them, not all. */
const alternatives: readonly string[] = ['account by name', 'account by ID', 'account by number'];

const combinations = Object.keys(filters).flatMap((one, index, names) => [
  [one],
  ...names
    .slice(index + 1)
    .filter((other) => !excluding.some(([a, b]) => a === one && b === other))
    .map((other) => [one, other]),
]);

function expectedOf(names: readonly string[]): string[] {
  const chosen = names.map((name) => filters[name]).filter((filter) => filter !== undefined);
  const isAny = names.length > 1 && names.every((name) => alternatives.includes(name));
  const takes = (archive: Known): boolean =>
    isAny ? chosen.some((filter) => filter.takes(archive)) : chosen.every((filter) => filter.takes(archive));
  return archives
    .filter(takes)
    .map(({ id }) => id)
    .sort();
}

class Rows extends Output {
  readonly rows: Record<string, unknown>[] = [];

  override event(row: Record<string, unknown>): void {
    this.rows.push(row);
  }

  override result(row: Record<string, unknown>): void {
    this.rows.push(row);
  }

  override note(): void {
    // Words beside the rows.
  }

  override problem(): void {
    // The reason stands in the row as well.
  }
}

const folder = mkdtempSync(join(tmpdir(), 'firn-filters-'));
let app: App;
const acted: string[][] = [];
const record = (choice: ArchiveChoice): void => {
  const ids = [...app.catalogue.chosen(choice)].map(({ archive_id }) => archive_id).sort();
  expect(app.catalogue.sum(choice).count, 'the sum that people are told').toBe(ids.length);
  acted.push(ids);
};
const recordFrozen = async (token: ChoiceToken): Promise<void> => {
  const ids: string[] = [];
  for await (const { archive_id } of app.catalogueReader.chosen(token)) ids.push(archive_id);
  acted.push(ids.sort());
};

beforeAll(async () => {
  const db = openDatabase(join(folder, 'firn.db'));
  const [accounts, catalogue] = [new AccountStore(db), new CatalogueStore(db)];
  for (const account of [work, home]) accounts.put(account, null, 1);
  for (const { id, account, region, vault, path } of archives) {
    const location = `/${numbers[account.name] ?? ''}/vaults/${vault}/archives/${id}`;
    catalogue.insert(
      archiveRow({ account_id: account.id, region, vault, archive_id: id as never, location, path }),
      null,
    );
  }
  db.close();
  const codeFolder = fileURLToPath(new URL('../../out/main', import.meta.url));
  const opened = await openApp({ dataFolder: folder, codeFolder, secrets: noKeyring, log: () => undefined });
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
  app = opened.value;
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

let spies: MockInstance[] = [];
beforeEach(() => {
  acted.length = 0;
  const stopped = fail({ kind: 'invalid-input', detail: 'only what would be done is looked at' } as const);
  spies = [
    vi.spyOn(app.deleting, 'delete').mockImplementation(async (token) => {
      await recordFrozen(token);
      return stopped;
    }),
    vi.spyOn(app.retrievals, 'enqueue').mockImplementation(async (token) => {
      await recordFrozen(token);
      return stopped;
    }),
    vi.spyOn(app.checks, 'ask').mockImplementation((choice) => {
      record(choice);
      return Promise.resolve(app.catalogue.sum(choice));
    }),
  ];
  return () => {
    for (const spy of spies) spy.mockRestore();
  };
});

/** The archives that a command acts on, or shows. */
async function reached(argv: readonly string[]): Promise<string[]> {
  const read = readArguments(argv, {});
  if (!read.ok) throw new Error(read.failure);
  const output = new Rows({ json: true, quiet: false });
  await perform(read.value, output);
  if (read.value.command.kind === 'catalogue') return output.rows.map(({ archiveId }) => String(archiveId)).sort();
  return acted.flat();
}

function perform({ command }: Arguments, output: Output): Promise<ExitCode> {
  switch (command.kind) {
    case 'catalogue':
      return showCatalogue(folder, command.filter, output);
    case 'retrieve':
      return retrieve(app, command, output);
    case 'verify':
      return verify(app, command, output);
    case 'delete':
      return deleteArchives(app, command, output);
    case 'catalogue-export':
      return exported(command, output);
    default:
      throw new Error(`No such command here: ${command.kind}`);
  }
}

async function exported(command: Extract<Command, { kind: 'catalogue-export' }>, output: Output): Promise<ExitCode> {
  const file = join(folder, 'export.jsonl');
  rmSync(file, { force: true });
  const code = await exportArchives(folder, { ...command, file }, output);
  if (code === 0) {
    const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
    acted.push(lines.map((line) => (JSON.parse(line) as { archiveId: string }).archiveId).sort());
  }
  return code;
}

const commands: Readonly<Record<string, readonly string[]>> = {
  catalogue: ['catalogue'],
  'catalogue export': ['catalogue', 'export', '--format', 'json'],
  retrieve: ['retrieve', '--to', folder, '--yes'],
  verify: ['verify'],
  delete: ['delete', '--yes'],
};

describe.each(Object.entries(commands))('firn %s reaches exactly the archives that are meant', (_, command) => {
  test.each(combinations.map((names) => [names.join(' and '), names] as const))('by %s', async (_words, names) => {
    const args = names.flatMap((name) => filters[name]?.args ?? []);
    expect(await reached([...command, ...args])).toEqual(expectedOf(names));
  });
});

test.each(['retrieve', 'delete'] as const)('%s without a filter is refused, and so is a blank one', (name) => {
  for (const args of [[], ['--search', ''], ['--search', ' \t'], ['--vault', ''], ['--id', ''], ['']]) {
    expect(readArguments([...(commands[name] ?? []), ...args], {}), JSON.stringify(args)).toMatchObject({ ok: false });
  }
});

test('the environment chooses no archives', async () => {
  const env = { AWS_REGION: 'us-east-1', AWS_PROFILE: 'family', AWS_ENDPOINT_URL: ENDPOINT };
  const read = readArguments(['catalogue'], env);
  expect(read).toMatchObject({ ok: true, value: { command: { filter: { region: null, profile: null } } } });
  expect(await reached(['catalogue'])).toHaveLength(archives.length);
});

test.each([
  ['an account that there is not', ['--account', 'nobody'], 'There is no account "nobody"'],
  ['a profile that no account uses', ['--profile', 'nobody'], 'uses the profile "nobody"'],
  ['the number of no account', ['--account', '999999999999'], 'There is no account "999999999999"'],
])('%s is refused by name, and nothing is reached', async (_, args, words) => {
  const read = readArguments(['delete', '--yes', ...args], {});
  if (!read.ok || read.value.command.kind !== 'delete') throw new Error('not read');
  const output = new Rows({ json: true, quiet: false });
  const refusals = vi.spyOn(output, 'refusal');
  await deleteArchives(app, read.value.command, output);
  expect(refusals).toHaveBeenCalledWith(1, expect.stringContaining(words));
  expect(acted).toEqual([]);
});
