import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Result, fail, ok } from '../../shared/result.ts';
import { GiB, KiB, MiB } from '../../shared/units.ts';
import { isVaultName } from '../../shared/vault.ts';
import { type ExportArguments, type ImportArguments, readCatalogue, readInventory } from './catalogue-arguments.ts';
import type { DeleteArguments } from './delete.ts';
import type { EmptyArguments } from './empty-vault.ts';
import type { InventoryArguments, RebuildArguments } from './inventory.ts';
import { type RetrieveArguments, readNames, readRetrieve } from './retrieve-arguments.ts';
import { notAName, readVaultCommand } from './vault-arguments.ts';

/** Where the account is, in the AWS CLI's terms; null where nothing was said. */
export type Place = { profile: string | null; region: string | null; endpointUrl: string | null };

export type UploadArguments = {
  vault: string;
  /** Bytes; null for automatic. */
  partSize: number | null;
  again: boolean;
  paths: string[];
};

/** `vault`: null for all vaults. */
export type VerifyArguments = { search: string; vault: string | null };

export type Command =
  | { kind: 'help' }
  | { kind: 'version' }
  | { kind: 'vault-create'; name: string }
  | { kind: 'vault-list' }
  | ({ kind: 'upload' } & UploadArguments)
  | ({ kind: 'retrieve' } & RetrieveArguments)
  | ({ kind: 'inventory' } & InventoryArguments)
  | ({ kind: 'catalogue-rebuild' } & RebuildArguments)
  | { kind: 'catalogue-retrieve'; wait: boolean }
  | { kind: 'retrievals' | 'deletions' }
  | { kind: 'doctor'; vaults: string[] }
  | { kind: 'run' }
  | { kind: 'queue' }
  | { kind: 'catalogue'; search: string }
  | ({ kind: 'catalogue-export' } & ExportArguments)
  | ({ kind: 'catalogue-import' } & ImportArguments)
  | { kind: 'catalogue-archive'; vault: string }
  | ({ kind: 'verify' } & VerifyArguments)
  | ({ kind: 'delete' } & DeleteArguments)
  | ({ kind: 'vault-empty' } & EmptyArguments)
  | { kind: 'pause' | 'resume' | 'cancel'; id: string };

export type Arguments = {
  command: Command;
  dataFolder: string | null;
  place: Place;
  json: boolean;
  /** Parts on the wire at the same time; null for the setting. */
  parallel: number | null;
  /** Bytes per second; null for the setting. */
  limit: number | null;
  /** One thread, behind everything else. */
  gentle: boolean;
};

const options = {
  data: { type: 'string' },
  profile: { type: 'string' },
  region: { type: 'string' },
  'endpoint-url': { type: 'string' },
  vault: { type: 'string' },
  'part-size': { type: 'string' },
  parallel: { type: 'string' },
  limit: { type: 'string' },
  gentle: { type: 'boolean' },
  again: { type: 'boolean' },
  format: { type: 'string' },
  to: { type: 'string' },
  tier: { type: 'string' },
  range: { type: 'string' },
  existing: { type: 'string' },
  search: { type: 'string' },
  yes: { type: 'boolean' },
  copy: { type: 'boolean' },
  close: { type: 'boolean' },
  'also-new': { type: 'boolean' },
  wait: { type: 'boolean' },
  'no-wait': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

export type Values = ReturnType<typeof parse>['values'];

/** Reads the command line; a failure is a sentence for the person who typed it. */
export function readArguments(argv: string[], env: NodeJS.ProcessEnv): Result<Arguments, string> {
  try {
    const { values, positionals } = parse(argv);
    const command = readCommand(values, positionals);
    if (!command.ok) return command;
    const parallel = readCount(values.parallel);
    if (!parallel.ok) return parallel;
    const limit = readSize(values.limit, 'rate');
    if (!limit.ok) return limit;
    return ok({
      command: command.value,
      dataFolder: values.data === undefined ? null : resolve(values.data),
      place: readPlace(values, env),
      json: values.json ?? false,
      parallel: parallel.value,
      limit: limit.value,
      gentle: values.gentle ?? false,
    });
  } catch (error) {
    return fail(error instanceof Error ? sentence(error.message) : String(error));
  }
}

function parse(argv: string[]) {
  return parseArgs({ args: argv, options, allowPositionals: true, strict: true });
}

function readCommand(values: Values, [name, ...rest]: string[]): Result<Command, string> {
  if (values.help || name === 'help') return ok({ kind: 'help' });
  if (values.version) return ok({ kind: 'version' });
  switch (name) {
    case undefined:
      return ok({ kind: 'help' });
    case 'vault':
      return readVaultCommand(values, rest);
    case 'delete': {
      const archives = readNames(values.search, rest);
      return archives.ok ? ok({ kind: 'delete', archives: archives.value, yes: values.yes ?? false }) : archives;
    }
    case 'upload':
      return readUpload(values, rest);
    case 'retrieve': {
      const retrieve = readRetrieve(values, rest);
      return retrieve.ok ? ok({ kind: 'retrieve', ...retrieve.value }) : retrieve;
    }
    case 'inventory':
      return rest.length === 0
        ? fail('Say of which vaults: firn inventory VAULT...')
        : readInventory({ kind: 'inventory', vaults: rest, wait: values.wait ?? false });
    case 'doctor':
      return readDoctor(values, rest);
    case 'catalogue':
      return readCatalogue(values, rest);
    case 'verify':
      if (values.vault !== undefined && !isVaultName(values.vault)) return fail(notAName(values.vault));
      return ok({ kind: 'verify', search: rest.join(' '), vault: values.vault ?? null });
    case 'run':
    case 'queue':
    case 'retrievals':
    case 'deletions':
      return rest.length === 0
        ? ok({ kind: name })
        : fail(`"firn ${name}" takes nothing more, but got "${rest.join(' ')}".`);
    case 'pause':
    case 'resume':
    case 'cancel': {
      const [id, ...more] = rest;
      if (id === undefined || more.length > 0)
        return fail(
          `Say which one: firn ${name} ID. "firn queue", "firn retrievals" and "firn deletions" list the IDs.`,
        );
      return ok({ kind: name, id });
    }
    default:
      return fail(`There is no command "${name}". "firn help" lists the commands.`);
  }
}

function readUpload(values: Values, paths: string[]): Result<Command, string> {
  const { vault } = values;
  if (vault === undefined) return fail('Say into which vault: --vault NAME.');
  if (!isVaultName(vault)) return fail(notAName(vault));
  if (paths.length === 0) return fail('Say which files or folders to upload.');
  const partSize = readSize(values['part-size'], 'part size');
  if (!partSize.ok) return partSize;
  return ok({
    kind: 'upload',
    vault,
    partSize: partSize.value,
    again: values.again ?? false,
    paths: paths.map((path) => resolve(path)),
  });
}

function readDoctor({ vault }: Values, rest: string[]): Result<Command, string> {
  const vaults = vault === undefined ? rest : [vault, ...rest];
  const bad = vaults.find((name) => !isVaultName(name));
  return bad === undefined ? ok({ kind: 'doctor', vaults }) : fail(notAName(bad));
}

const factors: Readonly<Record<string, number>> = { '': 1, b: 1, kib: KiB, k: KiB, mib: MiB, m: MiB, gib: GiB, g: GiB };

function readSize(text: string | undefined, what: string): Result<number | null, string> {
  if (text === undefined) return ok(null);
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text);
  const factor = factors[match?.[2]?.toLowerCase() ?? 'none'];
  if (!match || factor === undefined) return fail(`"${text}" is no ${what}. Write it like 1MiB, 64MiB or 1GiB.`);
  return ok(Number(match[1]) * factor);
}

function readCount(text: string | undefined): Result<number | null, string> {
  if (text === undefined) return ok(null);
  return /^([1-9]|[12]\d|3[0-2])$/.test(text)
    ? ok(Number(text))
    : fail(`--parallel takes a number from 1 to 32, not "${text}".`);
}

/** The AWS CLI's order: what was typed, then the variables for Glacier, then those for all services. */
function readPlace(values: Values, env: NodeJS.ProcessEnv): Place {
  const hasKeys = filled(env['AWS_ACCESS_KEY_ID']) !== null;
  return {
    profile: filled(values.profile) ?? (hasKeys ? null : filled(env['AWS_PROFILE'])),
    region: filled(values.region) ?? filled(env['AWS_REGION']) ?? filled(env['AWS_DEFAULT_REGION']),
    endpointUrl:
      filled(values['endpoint-url']) ?? filled(env['AWS_ENDPOINT_URL_GLACIER']) ?? filled(env['AWS_ENDPOINT_URL']),
  };
}

function filled(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
