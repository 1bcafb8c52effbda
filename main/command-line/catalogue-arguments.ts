import { resolve } from 'node:path';
import { EXPORT_FORMATS, type ExportFormat } from '../../shared/catalogue-exchange.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { isVaultName } from '../../shared/vault.ts';
import type { Command, Values } from './arguments.ts';
import { notAName } from './vault-arguments.ts';

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

/** Whoever looks for the word "export" itself adds a blank: `firn catalogue "export "`. */
export function readCatalogue(values: Values, words: string[]): Result<Command, string> {
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

export function readInventory(command: Extract<Command, { vaults: string[]; wait: boolean }>): Result<Command, string> {
  const bad = command.vaults.find((name) => !isVaultName(name));
  return bad === undefined ? ok(command) : fail(notAName(bad));
}

function readExport({ format, to, vault }: Values, words: string[]): Result<Command, string> {
  const known = EXPORT_FORMATS.find((name) => name === format);
  if (known === undefined) return fail(`Say in which format: --format ${EXPORT_FORMATS.join(', ')}.`);
  const file = to === undefined ? null : resolve(to);
  return ok({ kind: 'catalogue-export', format: known, file, vault: vault ?? null, search: words.join(' ') });
}
