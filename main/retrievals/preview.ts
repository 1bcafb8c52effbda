import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { assertNever } from '../../shared/assert.ts';
import type { Account, AccountId } from '../../shared/account.ts';
import { type ByteRange, rangeLength } from '../../shared/part-plan.ts';
import { FIRN_PRICES, type PriceTable } from '../../shared/prices.ts';
import { LIMIT_MONTH_MS } from '../../shared/retrieval-limits.ts';
import { hasTreeHash } from '../../shared/retrieval-ranges.ts';
import { type Copies, type Quote, QuoteSums, quote } from '../../shared/retrieval-quote.ts';
import type { LeftOut } from '../../shared/selection.ts';
import type { Settings } from '../../shared/settings.ts';
import { isShortened, targetPath } from '../../shared/target-path.ts';
import type { Clock } from '../core/ports.ts';
import { traitsOf } from '../places/traits.ts';
import type { TargetFiles } from './ports.ts';
import { type Judged, judged } from './batch.ts';
import type { ArchiveRow } from '../store/archive-row.ts';
import type { RetrievalStore } from '../store/retrievals.ts';

export type PreviewPorts = {
  store: Pick<RetrievalStore, 'requestsSince' | 'isQueued'>;
  files: TargetFiles;
  clock: Pick<Clock, 'now'>;
  account: (id: AccountId) => Account | null;
  settings: () => Settings;
  /** Bytes that the line fetches in time. */
  capacity: () => number;
};

/** At most so many are shown; all are counted. */
export const SHOWN_LEFT_OUT = 100;
/** Names of more archives are not looked for in the folder. */
const LOOKED_FOR = 2000;
/** What is quoted while no folder is chosen. */
const USUAL_NAME_BYTES = 255;
/** Between so many archives everything else gets its turn. */
const BREATH = 100;

/** What would be retrieved of archives. `folder` is null while none is chosen. */
export type PreviewWanted = { range: ByteRange | null; copies: Copies; folder: string | null };

/** `digest`: the same for the same bytes of the same archives under the same names. */
export type Previewed = { quote: Quote; digest: string };

/** The quote for archives, before anything is asked for. */
export async function previewRetrieval(
  rows: AsyncIterable<ArchiveRow>,
  { range, copies, folder }: PreviewWanted,
  ports: PreviewPorts,
): Promise<Previewed> {
  const { store, files, clock, settings } = ports;
  const longestName = folder === null ? USUAL_NAME_BYTES : await files.longestName(folder);
  const tally = new Tally(ports, { folder, longestName });
  for await (const one of judged(rows, { range, copies }, ports.account)) {
    tally.seen += 1;
    if (tally.seen % BREATH === 0) await new Promise((resolve) => setImmediate(resolve));
    await tally.take(one);
  }
  const now = clock.now();
  const { prices, retrievalLimits: limits } = settings();
  const table: PriceTable = prices ?? FIRN_PRICES;
  const quoted = quote(tally.asked, { table, limits, made: store.requestsSince(now - LIMIT_MONTH_MS), now });
  const whole: Quote = {
    ...quoted,
    ...tally.sums,
    contents: tally.contents.size,
    prices: { ...quoted.prices, isEdited: prices !== null },
    freeBytes: folder === null ? null : await files.freeBytes(folder),
    leftOut: tally.leftOut,
  };
  return { quote: whole, digest: tally.digest.digest('hex') };
}

/** Adds up what becomes of the archives. */
class Tally {
  seen = 0;
  readonly asked = new QuoteSums();
  readonly digest = createHash('sha256');
  readonly leftOut: LeftOut[] = [];
  readonly contents = new Set<string>();
  readonly sums = {
    leftOutCount: 0,
    missing: 0,
    folders: 0,
    equals: 0,
    alreadyThere: 0,
    existing: 0,
    unprovable: 0,
    encoded: 0,
    shortened: 0,
  };
  readonly #ports: PreviewPorts;
  readonly #target: { folder: string | null; longestName: number };

  constructor(ports: PreviewPorts, target: { folder: string | null; longestName: number }) {
    this.#ports = ports;
    this.#target = target;
  }

  async take(one: Judged): Promise<void> {
    this.digest.update(JSON.stringify(essenceOf(one)));
    switch (one.kind) {
      case 'left-out':
        this.#leaveOut(one);
        return;
      case 'folder':
        this.sums.folders += 1;
        return;
      case 'equal':
        this.sums.equals += 1;
        return;
      case 'retrieve':
        await this.#add(one);
        return;
      default:
        assertNever(one);
    }
  }

  #leaveOut({ row, failure }: Extract<Judged, { kind: 'left-out' }>): void {
    this.sums.leftOutCount += 1;
    if (row.missing_at !== null) this.sums.missing += 1;
    if (this.leftOut.length < SHOWN_LEFT_OUT) this.leftOut.push({ path: row.path ?? row.archive_id, failure });
  }

  async #add({ row, range, name, encoding }: Extract<Judged, { kind: 'retrieve' }>): Promise<void> {
    const { sums } = this;
    const { store, files, account } = this.#ports;
    const { folder, longestName } = this.#target;
    if (folder !== null && store.isQueued({ ...keyOf(row), range, folder })) {
      sums.alreadyThere += 1;
      return;
    }
    const { isInside: isFree, usualWait } = traitsOf(account(row.account_id));
    const bytes = rangeLength(range);
    this.asked.add({
      bytes,
      requests: requestsFor(bytes, this.#ports.capacity()),
      region: row.region,
      isFree,
      usualWait,
    });
    this.contents.add(`${row.tree_hash} ${row.size}`);
    if (!hasTreeHash(range, row.size)) sums.unprovable += 1;
    if (encoding !== '') sums.encoded += 1;
    if (isShortened(name, longestName)) sums.shortened += 1;
    if (folder === null || this.asked.archives > LOOKED_FOR) return;
    const path = targetPath(name, longestName, () => false);
    if (await files.exists(join(folder, path))) sums.existing += 1;
  }
}

/** What somebody decides on who is shown a quote. */
function essenceOf(one: Judged): unknown[] {
  if (one.kind === 'equal') return [one.kind];
  const { id, size, tree_hash } = one.row;
  if (one.kind === 'retrieve') return [one.kind, id, size, tree_hash, one.range.first, one.range.last, one.name.path];
  return [one.kind, id, one.kind === 'folder' ? one.path : null];
}

/** What the line does not fetch in time is asked for in portions, half as large or larger. */
function requestsFor(bytes: number, capacity: number): number {
  return bytes <= capacity ? 1 : Math.ceil((2 * bytes) / capacity);
}

function keyOf({ account_id, vault, archive_id }: ArchiveRow) {
  return { accountId: account_id, vault, archiveId: archive_id };
}
