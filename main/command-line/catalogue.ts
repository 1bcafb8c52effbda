import { everyArchive } from '../../shared/archive.ts';
import type { Imported } from '../../shared/catalogue-exchange.ts';
import { type Failure, printable } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { formatBytes } from '../../shared/units.ts';
import { describeImport, formatCount, plural } from '../../shared/words.ts';
import { accountFor } from '../catalogue/account-matching.ts';
import type { Owner } from '../catalogue/entry.ts';
import { exportCatalogue, exportToFile } from '../catalogue/export.ts';
import type { App } from '../open.ts';
import { placeOf } from './account.ts';
import type { Place } from './arguments.ts';
import type { ExportArguments, ImportArguments } from './catalogue-arguments.ts';
import { reading } from './look.ts';
import type { Output } from './output.ts';
import type { ExitCode } from './exit-code.ts';

/** Writes the archives into a new file, or to standard output, where nothing but them goes then. */
export async function exportArchives(dataFolder: string, args: ExportArguments, output: Output): Promise<ExitCode> {
  const { format, file, vault, search: text } = args;
  const choice = { kind: 'matching', ...everyArchive, text, vault, except: [] } as const;
  const options = { format, choice, exportedAt: Date.now() };
  if (file === null) {
    await reading(dataFolder, (db) => exportCatalogue(db, options, toStandardOutput));
    return 0;
  }
  const exported = await reading(dataFolder, (db) => exportToFile(db, options, file));
  if (!exported.ok) {
    output.failure(exported.failure);
    return 1;
  }
  const { archives, bytes } = exported.value;
  output.event(
    { event: 'exported', file, format, archives, bytes },
    `Exported ${plural(archives, 'archive')} (${formatBytes(bytes)}) to ${printable(file)}`,
  );
  return 0;
}

function toStandardOutput(chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(chunk, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** 1 when a line could not be read or contradicts the catalogue; all others count nevertheless. */
export async function importArchives(
  app: App,
  { file, vault }: ImportArguments,
  place: Place,
  output: Output,
): Promise<ExitCode> {
  const imported = await app.importCatalogue(file, () => homeOf(vault, place));
  if (!imported.ok) {
    output.failure(imported.failure);
    return 1;
  }
  tellImported(imported.value, file, output);
  return imported.value.problemCount === 0 ? 0 : 1;
}

/** Whose archives a file of another tool lists. */
async function homeOf(vault: string | null, place: Place): Promise<Result<Owner>> {
  const found = await placeOf(place);
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
