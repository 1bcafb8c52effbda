import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EXPORT_FORMATS, type ExportFormat } from '../../shared/catalogue-exchange.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { GiB, KiB, MiB } from '../../shared/units.ts';
import type { InventoryArguments, RebuildArguments } from './inventory.ts';
import { type RetrieveArguments, readRetrieve } from './retrieve-arguments.ts';
import { isVaultName } from '../../shared/vault.ts';

/** Where the account is, in the AWS CLI's terms; null where nothing was said. */
export type Place = { profile: string | null; region: string | null; endpointUrl: string | null };

export type UploadArguments = {
  vault: string;
  /** Bytes; null for automatic. */
  partSize: number | null;
  again: boolean;
  paths: string[];
};

export type ExportArguments = {
  format: ExportFormat;
  /** Absolute; null for standard output. */
  file: string | null;
  /** Null for all vaults. */
  vault: string | null;
  search: string;
};

/** `vault`: for files that do not say which; null when nothing was said. */
export type ImportArguments = { file: string; vault: string | null };

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
  | { kind: 'retrievals' }
  | { kind: 'doctor'; vaults: string[] }
  | { kind: 'run' }
  | { kind: 'queue' }
  | { kind: 'catalogue'; search: string }
  | ({ kind: 'catalogue-export' } & ExportArguments)
  | ({ kind: 'catalogue-import' } & ImportArguments)
  | { kind: 'catalogue-archive'; vault: string }
  | ({ kind: 'verify' } & VerifyArguments)
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
  wait: { type: 'boolean' },
  'no-wait': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parse>['values'];

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
      return readVaultCommand(rest);
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
      return rest.length === 0
        ? ok({ kind: name })
        : fail(`"firn ${name}" takes nothing more, but got "${rest.join(' ')}".`);
    case 'pause':
    case 'resume':
    case 'cancel': {
      const [id, ...more] = rest;
      if (id === undefined || more.length > 0)
        return fail(`Say which upload or retrieval: firn ${name} ID. "firn queue" and "firn retrievals" list the IDs.`);
      return ok({ kind: name, id });
    }
    default:
      return fail(`There is no command "${name}". "firn help" lists the commands.`);
  }
}

function readVaultCommand([what, name, ...more]: string[]): Result<Command, string> {
  if (what === 'list' && name === undefined) return ok({ kind: 'vault-list' });
  if (what !== 'create' || name === undefined || more.length > 0)
    return fail('Say "vault create NAME" or "vault list".');
  if (!isVaultName(name)) return fail(notAName(name));
  return ok({ kind: 'vault-create', name });
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

/** Whoever looks for the word "export" itself adds a blank: `firn catalogue "export "`. */
function readCatalogue(values: Values, words: string[]): Result<Command, string> {
  const [what, ...rest] = words;
  if (values.vault !== undefined && !isVaultName(values.vault)) return fail(notAName(values.vault));
  if (what === 'export') return readExport(values, rest);
  if (what === 'archive' && rest.length === 0) {
    return values.vault === undefined
      ? fail('Say into which vault: --vault NAME.')
      : ok({ kind: 'catalogue-archive', vault: values.vault });
  }
  const wait = !(values['no-wait'] ?? false);
  if (what === 'rebuild')
    return readInventory({ kind: 'catalogue-rebuild', vaults: rest, wait, copy: values.copy ?? false });
  if (what === 'retrieve' && rest.length === 0) return ok({ kind: 'catalogue-retrieve', wait });
  if (what !== 'import') return ok({ kind: 'catalogue', search: words.join(' ') });
  const [file, ...more] = rest;
  if (file === undefined || more.length > 0) return fail('Say which file: firn catalogue import FILE.');
  return ok({ kind: 'catalogue-import', file: resolve(file), vault: values.vault ?? null });
}

function readInventory(command: Extract<Command, { vaults: string[]; wait: boolean }>): Result<Command, string> {
  const bad = command.vaults.find((name) => !isVaultName(name));
  return bad === undefined ? ok(command) : fail(notAName(bad));
}

function readExport({ format, to, vault }: Values, words: string[]): Result<Command, string> {
  const known = EXPORT_FORMATS.find((name) => name === format);
  if (known === undefined) return fail(`Say in which format: --format ${EXPORT_FORMATS.join(', ')}.`);
  const file = to === undefined ? null : resolve(to);
  return ok({ kind: 'catalogue-export', format: known, file, vault: vault ?? null, search: words.join(' ') });
}

function notAName(name: string): string {
  return `"${name}" cannot name a vault: 1 to 255 of a-z A-Z 0-9 _ . - are allowed.`;
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
