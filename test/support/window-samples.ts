import type { AccountId } from '../../shared/account.ts';
import type { Archive, ChoiceToken } from '../../shared/archive.ts';
import type { ChoreId, ChoreView } from '../../shared/chore.ts';
import type { AccountView } from '../../shared/contract.ts';
import type { DeletionPreview, EmptyingPreview } from '../../shared/deletion-preview.ts';
import { FIRN_PRICES } from '../../shared/prices.ts';
import { noRetrievalLimits } from '../../shared/retrieval-limits.ts';
import { type Quote, QuoteSums, USUAL_WAIT, quote } from '../../shared/retrieval-quote.ts';
import { noChecks } from '../../shared/local-check.ts';
import type { SelectionId } from '../../shared/selection.ts';
import { GiB, HOUR, MiB } from '../../shared/units.ts';
import type { PlaceId } from '../../shared/place.ts';
import type { ArchiveId, MultipartUploadId, TreeHash, UploadId, UploadView } from '../../shared/upload.ts';
import type { World } from './fake-bridge.ts';

export const accountId = 'b2a7f7a4-0000-4000-8000-000000000001' as AccountId;
export const multipartUploadId =
  'OW2fM5iVylEpFEMM9_HpKowRapC3vn5sSL39_396UW9zLFUWVrnRHaPjUJddQ5OxSHVXjYtrN47NBZ-khxOjyEXAMPLE' as MultipartUploadId;
export const treeHash = '7f2fe580edb35154041fa3d4b41dd6d3adaef0c85d2ff6309f1d4b520eeecda3' as TreeHash;
export const archiveId =
  'NkbByEejwEggmBz2fTHgJrg0XBoDfjP4q6iu87-TjhqG6eGoOY9Z8i1_AUyUsuhPAdTqLHy8pTl5nfCFJmDl2yEZONi5L26Omw12vcs01MNGntHEQL8MBfGlqrEXAMPLEArchiveId' as ArchiveId;

export function sampleAccount(account: Partial<AccountView> = {}): AccountView {
  return {
    id: accountId,
    name: 'Studio Nord',
    source: { kind: 'keys', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', kept: 'encrypted' },
    region: 'eu-north-1',
    endpointUrl: null,
    number: '111122223333',
    problem: null,
    isInside: false,
    ...account,
  };
}

export function sampleUpload(upload: Partial<UploadView> = {}): UploadView {
  return {
    id: 'upload-1' as UploadId,
    accountId,
    vault: 'weddings-2026',
    path: '/photos/a.raw',
    size: 1 * GiB,
    partSize: 16 * MiB,
    uploadedBytes: 0,
    position: 1,
    addedAt: Date.UTC(2026, 10, 3, 12),
    expiresAt: null,
    phase: { kind: 'queued', initiateAskedAt: null },
    hold: null,
    ...upload,
  };
}

export function sampleArchive(id: number, archive: Partial<Archive> = {}): Archive {
  return {
    id,
    placeId: 1 as PlaceId,
    place: 'vault:weddings-2026',
    accountId,
    region: 'eu-north-1',
    vault: 'weddings-2026',
    archiveId: `${archiveId}${id}` as ArchiveId,
    location: `/111122223333/vaults/weddings-2026/archives/${archiveId}${id}`,
    path: `/photos/archive-${id}.raw`,
    size: 100 * MiB,
    modifiedAt: Date.UTC(2026, 8, 12, 16, 20),
    treeHash,
    description: '<m><v>4</v><p>L3Bob3Rvcw==</p><lm>20260912T162000Z</lm></m>',
    storedAt: Date.UTC(2026, 10, 3, 12) - id * HOUR,
    isFolder: false,
    compressed: false,
    encrypted: false,
    originalSize: null,
    toldBy: 'upload',
    listedAt: Date.UTC(2026, 10, 4, 12),
    missingAt: null,
    differs: null,
    ...archive,
  };
}

/** As main would tell it of one archive of a GiB. */
function sampleQuote(): Quote {
  const rates = { table: FIRN_PRICES, limits: noRetrievalLimits, made: [], now: Date.UTC(2026, 10, 25) };
  const quoted = quote(
    new QuoteSums([{ bytes: 1 * GiB, requests: 1, region: 'eu-north-1', isFree: false, usualWait: USUAL_WAIT }]),
    rates,
  );
  return {
    ...quoted,
    prices: { ...quoted.prices, isEdited: false },
    contents: 1,
    equals: 0,
    folders: 0,
    encoded: 0,
    shortened: 0,
    missing: 0,
    unprovable: 0,
    alreadyThere: 0,
    existing: 0,
    freeBytes: 100 * GiB,
    leftOut: [],
    leftOutCount: 0,
  };
}

/** One archive whose file is still there. */
export function sampleDeletion(deletion: Partial<DeletionPreview> = {}): DeletionPreview {
  return {
    token: `token of ${deletion.count ?? 1}` as ChoiceToken,
    count: 1,
    bytes: 100 * MiB,
    vaults: [{ accountId, vault: 'weddings-2026', count: 1, bytes: 100 * MiB }],
    young: null,
    copies: { looked: 1, there: 1, missing: 0, changed: 0, unknown: 0, without: [] },
    uploads: 0,
    retrievals: 0,
    ...deletion,
  };
}

export function sampleEmptying(emptying: Partial<EmptyingPreview> = {}): EmptyingPreview {
  return {
    vault: 'weddings-2026',
    listed: { count: 12, bytes: 3 * GiB, inventoryAt: Date.UTC(2026, 10, 24, 6) },
    catalogued: { count: 12, bytes: 3 * GiB },
    young: null,
    openUploads: 0,
    queued: 0,
    retrievals: 0,
    until: 5,
    ...emptying,
  };
}

/** A deletion at its work, or an emptying when `kind` says so. */
export function sampleChore(chore: Partial<ChoreView> = {}): ChoreView {
  const base = {
    id: 'c0c0c0c0-0000-4000-8000-000000000001' as ChoreId,
    accountId,
    vault: 'weddings-2026',
    addedAt: Date.UTC(2026, 10, 3, 12),
    endedAt: null,
    total: 2,
    totalBytes: 200 * MiB,
    deleted: 0,
    deletedBytes: 0,
    failed: 0,
    phase: 'deleting',
    hold: null,
  } as const;
  const emptying = { closes: false, deletesUntil: base.addedAt };
  return { ...base, kind: 'deletion', ...(chore.kind === 'emptying' ? emptying : {}), ...chore } as ChoreView;
}

/** An empty Firn with one account, unless told otherwise. */
export function sampleWorld(world: Partial<World> = {}): World {
  return {
    info: { version: '0.1.0', platform: 'linux', dataFolder: '/home/ida/.config/Firn', secrets: 'encrypted' },
    copies: [],
    notices: [],
    accounts: [sampleAccount()],
    waits: [],
    profiles: [],
    proxies: [],
    settings: {
      queuePaused: false,
      parallelUploads: 2,
      parallelParts: 4,
      partSize: 16 * MiB,
      retrievalLimits: noRetrievalLimits,
      prices: null,
      cpuUse: 'automatic',
      stayAwake: false,
      askBeforeQuit: true,
      theme: 'system',
      bytesPerSecond: null,
      schedule: null,
      catalogueCopy: null,
    },
    power: { onBattery: false },
    vaults: [],
    uploads: [],
    archives: [],
    doomed: [],
    inventories: [],
    retrievals: [],
    chores: [],
    deletion: sampleDeletion(),
    emptying: sampleEmptying(),
    quote: sampleQuote(),
    targetFolder: { id: 'folder' as SelectionId, path: '/home/ida/Back' },
    imported: {
      added: 2,
      completed: 1,
      alreadyThere: 3,
      deleted: 0,
      problemCount: 0,
      windows1252: 0,
      countedBy: 'line',
      problems: [],
    },
    checks: {},
    checkProgress: { waiting: { count: 0, bytes: 0 }, current: null, found: noChecks },
    checkup: {
      findings: [
        { subject: 'Connection', status: 'ok', words: 'Glacier in eu-central-1 answers.', remedy: null },
        { subject: 'Clock', status: 'problem', words: "This computer's clock is 7 min slow.", remedy: 'Set it right.' },
      ],
      policy: '{"Version": "2012-10-17"}',
    },
    selection: { id: 'chosen' as SelectionId, names: ['a.raw'] },
    preview: {
      files: 1,
      bytes: 1 * GiB,
      partSizes: [{ partSize: 16 * MiB, files: 1 }],
      parts: 64,
      requests: 66,
      largest: { path: '/photos/a.raw', size: 1 * GiB, partSize: 16 * MiB },
      alreadyThere: 0,
      beside: 0,
      instead: 0,
      placeholders: 0,
      leftOut: [],
      leftOutCount: 0,
    },
    detail: (upload) => ({ upload, description: 'a.raw', modifiedAt: Date.UTC(2026, 8, 12), parts: [], events: [] }),
    ...world,
  };
}
