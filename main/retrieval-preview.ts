import { join } from 'node:path';
import type { Account, AccountId } from '../shared/account.ts';
import { type ByteRange, rangeLength } from '../shared/part-plan.ts';
import { FIRN_PRICES, type PriceTable } from '../shared/prices.ts';
import { LIMIT_MONTH_MS } from '../shared/retrieval-limits.ts';
import { hasTreeHash } from '../shared/retrieval-ranges.ts';
import { type Quote, type QuoteItem, quote } from '../shared/retrieval-quote.ts';
import type { LeftOut } from '../shared/selection.ts';
import type { Settings } from '../shared/settings.ts';
import { targetPath } from '../shared/target-path.ts';
import type { Clock } from './core/ports.ts';
import type { TargetFiles } from './core/retrieval/ports.ts';
import { wantedRange } from './retrieval-batch.ts';
import type { ArchiveRow } from './store/catalogue.ts';
import type { RetrievalStore } from './store/retrievals.ts';

export type PreviewPorts = {
  store: Pick<RetrievalStore, 'requestsSince' | 'isQueued'>;
  files: TargetFiles;
  clock: Pick<Clock, 'now'>;
  account: (id: AccountId) => Account | null;
  settings: () => Settings;
};

/** At most so many are shown; all are counted. */
export const SHOWN_LEFT_OUT = 100;
/** Names of more archives are not looked for in the folder. */
const LOOKED_FOR = 2000;
/** Between so many archives everything else gets its turn. */
const BREATH = 1000;

/** The quote for archives, before anything is asked for; `folder` is null while none is chosen. */
export async function previewRetrieval(
  rows: Iterable<ArchiveRow>,
  { range, folder }: { range: ByteRange | null; folder: string | null },
  ports: PreviewPorts,
): Promise<Quote> {
  const { store, files, clock, settings } = ports;
  const items: QuoteItem[] = [];
  const leftOut: LeftOut[] = [];
  const sums = { seen: 0, leftOut: 0, alreadyThere: 0, existing: 0, unprovable: 0 };
  for (const row of rows) {
    sums.seen += 1;
    if (sums.seen % BREATH === 0) await new Promise((resolve) => setImmediate(resolve));
    const account = ports.account(row.account_id);
    const wanted = wantedRange(row, range, account);
    if (!wanted.ok) {
      sums.leftOut += 1;
      if (leftOut.length < SHOWN_LEFT_OUT) leftOut.push({ path: row.path ?? row.archive_id, failure: wanted.failure });
      continue;
    }
    if (folder !== null && store.isQueued({ ...keyOf(row), range: wanted.value, folder })) {
      sums.alreadyThere += 1;
      continue;
    }
    if (!hasTreeHash(wanted.value, row.size)) sums.unprovable += 1;
    items.push({ bytes: rangeLength(wanted.value), region: row.region, source: account?.source.kind ?? 'keys' });
    if (folder !== null && items.length <= LOOKED_FOR && (await hasNameIn(folder, row, range, files)))
      sums.existing += 1;
  }
  const now = clock.now();
  const { prices, retrievalLimits: limits } = settings();
  const table: PriceTable = prices ?? FIRN_PRICES;
  const quoted = quote(items, { table, limits, made: store.requestsSince(now - LIMIT_MONTH_MS), now });
  return {
    ...quoted,
    prices: { ...quoted.prices, isEdited: prices !== null },
    unprovable: sums.unprovable,
    alreadyThere: sums.alreadyThere,
    existing: sums.existing,
    freeBytes: folder === null ? null : await files.freeBytes(folder),
    leftOut,
    leftOutCount: sums.leftOut,
  };
}

function keyOf({ account_id, vault, archive_id }: ArchiveRow) {
  return { accountId: account_id, vault, archiveId: archive_id };
}

function hasNameIn(
  folder: string,
  { path, archive_id }: ArchiveRow,
  range: ByteRange | null,
  files: TargetFiles,
): Promise<boolean> {
  return files.exists(
    join(
      folder,
      targetPath({ path, archiveId: archive_id, range }, () => false),
    ),
  );
}
