import { type Failure, printable } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { Entry, EntryReader, Home, Owner } from './entry.ts';
import { inventoryCsvReader, isInventoryCsv } from './inventory-csv.ts';
import { type VaultTold, documentEntries, inspectDocument, isInventoryDocument } from './inventory-document.ts';
import { isFromNewerFirn, jsonLinesReader } from './json-lines.ts';
import type { Fallback } from './lines.ts';
import { readLayout } from './list-columns.ts';
import { ListReader } from './list-reader.ts';
import { isMtJournal, mtJournalReader } from './mt-journal.ts';
import { isSaguLog, saguReader } from './sagu.ts';
import { beginning, linesOf } from './text-file.ts';

/** How the entries of a file are read; as often as one likes. */
export type Format = {
  /** In pieces. `onFallback` hears of each line that is no UTF-8 and was taken for Windows-1252. */
  read(onFallback?: () => void): AsyncIterable<readonly Entry[]>;
  /** What is deleted may stand behind what it deletes. */
  tellsDeletions: boolean;
  countedBy: 'line' | 'entry';
};

/** Asks whose archives they are when the file does not say so itself. */
export type AskHome = () => Promise<Result<Owner>>;

/** What the file is, told by how it begins. Fails in words for what is none of the formats, or lacks an owner. */
export async function findFormat(file: string, askHome: AskHome): Promise<Result<Format>> {
  const start = await beginning(file);
  const [firstLine = ''] = start.split('\n', 1);
  if (isFromNewerFirn(firstLine)) {
    return fail(invalid(`${printable(file)} was written by a newer Firn, in a way that this one does not know.`));
  }
  if (isInventoryDocument(start)) return document(file, askHome);
  // Firn writes nothing but UTF-8: other bytes are damage.
  if (start.startsWith('{')) return ok(lineFormat(file, jsonLinesReader, { fallback: null, tellsDeletions: true }));
  if (isInventoryCsv(firstLine)) return withHome(askHome, (home) => lineFormat(file, () => inventoryCsvReader(home)));
  if (isMtJournal(firstLine)) {
    return withHome(askHome, (home) => lineFormat(file, () => mtJournalReader(home), { tellsDeletions: true }));
  }
  if (isSaguLog(firstLine)) return withOwner(askHome, (owner) => lineFormat(file, () => saguReader(owner)));
  const layout = readLayout(start);
  if (layout === null) return fail(invalid(unknownFormat(file)));
  if (layout.isOurs) return ok(lineFormat(file, () => new ListReader(layout, null)));
  const ask = layout.places.has('vault') ? withOwner : withHome;
  return ask(askHome, (owner) => lineFormat(file, () => new ListReader(layout, owner)));
}

function lineFormat(
  file: string,
  newReader: () => EntryReader,
  options: { fallback?: Fallback; tellsDeletions?: boolean } = {},
): Format {
  const { fallback = 'windows-1252', tellsDeletions = false } = options;
  return {
    async *read(onFallback) {
      const reader = newReader();
      for await (const lines of linesOf(file, fallback, onFallback)) yield lines.flatMap((line) => reader.take(line));
      yield reader.end();
    },
    tellsDeletions,
    countedBy: 'line',
  };
}

/** An inventory in JSON names its vault; a bare list of its archives does not. */
async function document(file: string, askHome: AskHome): Promise<Result<Format>> {
  const inspected = await inspectDocument(file);
  if (!inspected.ok) return fail(invalid(`${printable(file)} cannot be imported: ${inspected.failure}.`));
  const told = inspected.value;
  const format = (home: Home): Format => ({
    read: () => documentEntries(file, home, told),
    tellsDeletions: false,
    countedBy: 'entry',
  });
  if (told === null) return withHome(askHome, format);
  const owner = await askHome();
  if (!owner.ok) return owner;
  const contradiction = contradictionTo(told, owner.value);
  if (contradiction !== null) return fail(invalid(`${printable(file)} ${contradiction}`));
  return ok(format({ ...owner.value, vault: told.vault }));
}

/** Archives under the wrong vault or region could be neither retrieved nor deleted. */
function contradictionTo({ region, vault }: NonNullable<VaultTold>, owner: Owner): string | null {
  if (owner.vault !== null && owner.vault !== vault) {
    return `is the inventory of the vault "${vault}", not of "${owner.vault}".`;
  }
  return region === owner.region ? null : `is of a vault in ${region}, and the account is for ${owner.region}.`;
}

async function withOwner(askHome: AskHome, format: (owner: Owner) => Format): Promise<Result<Format>> {
  const owner = await askHome();
  return owner.ok ? ok(format(owner.value)) : owner;
}

async function withHome(askHome: AskHome, format: (home: Home) => Format): Promise<Result<Format>> {
  const owner = await askHome();
  if (!owner.ok) return owner;
  const { vault } = owner.value;
  return vault === null ? fail(invalid(noVault)) : ok(format({ ...owner.value, vault }));
}

const noVault = 'The file does not say in which vault its archives are: --vault NAME.';

function unknownFormat(file: string): string {
  return (
    `${printable(file)} is nothing that Firn can import: neither an export or journal of Firn, nor an inventory of ` +
    'Glacier in JSON or CSV, nor a journal of mt-aws-glacier, nor a log of SAGU, nor a list in CSV whose first line names ' +
    'a column of archive IDs.'
  );
}

export function invalid(detail: string): Failure {
  return { kind: 'invalid-input', detail };
}
