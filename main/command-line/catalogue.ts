import type { ExportFormat, Exported, Imported } from '../../shared/catalogue-exchange.ts';
import { type Failure, printable } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { formatBytes } from '../../shared/units.ts';
import { describeImport, formatCount, plural } from '../../shared/words.ts';
import { accountFor } from '../catalogue/account-matching.ts';
import type { Owner } from '../catalogue/entry.ts';
import { exportCatalogue, exportToFile } from '../catalogue/export.ts';
import type { App } from '../app/app.ts';
import { AccountStore } from '../store/accounts.ts';
import { CatalogueStore } from '../store/catalogue.ts';
import { settingsOf } from './account.ts';
import type { AccountOptions, ExportArguments, ImportArguments } from './command.ts';
import { chooseArchives } from './choose-archives.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import { reading } from './reading.ts';

/** Writes the archives into a new file, or to standard output, where nothing but them goes then. */
export async function exportArchives(dataFolder: string, args: ExportArguments, output: Output): Promise<ExitCode> {
  const { format, file, filter } = args;
  return reading(dataFolder, output, async (db) => {
    const chosen = chooseArchives({ accounts: new AccountStore(db), catalogue: new CatalogueStore(db) }, filter);
    if (!chosen.ok) return output.refusal(EXIT.failed, chosen.failure);
    const { choice, unknown } = chosen.value;
    const [first] = unknown;
    if (first !== undefined) return output.refusal(EXIT.failed, `The catalogue has no archive ${printable(first)}.`);
    const options = { format, choice, exportedAt: Date.now() };
    if (file !== null) return tellExported(await exportToFile(db, options, file), { file, format }, output);
    await exportCatalogue(db, options, toStandardOutput);
    return EXIT.done;
  });
}

function tellExported(
  exported: Result<Exported>,
  { file, format }: { file: string; format: ExportFormat },
  output: Output,
): ExitCode {
  if (!exported.ok) return output.failure(exported.failure);
  const { archives, bytes } = exported.value;
  output.event(
    { event: 'exported', file, format, archives, bytes },
    `Exported ${plural(archives, 'archive')} (${formatBytes(bytes)}) to ${printable(file)}`,
  );
  return EXIT.done;
}

function toStandardOutput(chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(chunk, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Failed when a line could not be read or contradicts the catalogue; all others count nevertheless. */
export async function importArchives(
  app: App,
  { file, vault }: ImportArguments,
  account: AccountOptions,
  output: Output,
): Promise<ExitCode> {
  const imported = await app.importCatalogue(file, () => homeOf(vault, account));
  if (!imported.ok) return output.failure(imported.failure);
  tellImported(imported.value, file, output);
  return imported.value.problemCount === 0 ? EXIT.done : EXIT.failed;
}

/** Whose archives a file of another tool lists. */
async function homeOf(vault: string | null, account: AccountOptions): Promise<Result<Owner>> {
  const found = await settingsOf(account);
  if (!found.ok) return fail(invalid(`The file does not say whose archives it lists. ${found.failure}`));
  const { source, region, endpointUrl } = found.value;
  const name = source.kind === 'profile' ? source.profile : 'Credentials of the environment';
  return ok({ account: accountFor(name, source, endpointUrl), region, vault });
}

function tellImported(imported: Imported, file: string, output: Output): void {
  const { problems, problemCount, countedBy } = imported;
  for (const { line, reason } of problems)
    output.problem(`${printable(file)}, ${countedBy} ${line}: ${printable(reason)}.`);
  if (problemCount > problems.length) output.problem(`… and ${formatCount(problemCount - problems.length)} more.`);
  output.event({ event: 'imported', file, ...imported }, describeImport(imported));
}

function invalid(detail: string): Failure {
  return { kind: 'invalid-input', detail };
}
