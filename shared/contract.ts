import { z } from 'zod';
import { type Account, type AccountId, GLACIER_REGIONS, endpointProblem } from './account.ts';
import {
  type ArchiveSum,
  type ChoiceToken,
  MAX_CHOSEN_IDS,
  STANDINGS,
  type ShownPage,
  type VaultSum,
} from './archive.ts';
import { EXPORT_FORMATS, type Exported, type Imported } from './catalogue-exchange.ts';
import type { Checkup } from './checkup.ts';
import type { FoundCopy } from './catalogue-copy.ts';
import { CPU_USES, type Power } from './cpu-use.ts';
import type { Profile } from './endpoints.ts';
import type { Failure } from './failure.ts';
import type { InventoryId, InventoryView, LiveInventory } from './inventory.ts';
import type { CheckProgress, LocalCheck, Safety } from './local-check.ts';
import type { Notice } from './notice.ts';
import type { ChoreDetail, ChoreId, ChoreView } from './chore.ts';
import type { DeletionPreview, EmptyingPreview } from './deletion-preview.ts';
import { PART_SIZES } from './part-plan.ts';
import type { Relocated } from './relocation.ts';
import type { Comparing, Enqueued, EnqueuedUploads, Preview, Selection, SelectionId } from './selection.ts';
import type { PriceTable } from './prices.ts';
import type { RetrievalPolicy } from './retrieval-limits.ts';
import { COPIES, type QuotedRetrieval, type RetrievalsAdded } from './retrieval-quote.ts';
import type { LiveRetrieval, RetrievalDetail, RetrievalId, RetrievalView } from './retrieval.ts';
import { TIERS } from './tier.ts';
import type { Settings } from './settings.ts';
import type { LiveProgress, UploadDetail, UploadId, UploadView } from './upload.ts';
import type { Vault } from './vault.ts';
import type { Wait } from './wait.ts';

const uploadId = z.uuid().transform((id) => id as UploadId);
/** Of the device that the profile's role asks for. */
const mfaCode = z
  .string()
  .regex(/^\d{6}$/)
  .nullable();
const accountId = z.uuid().transform((id) => id as AccountId);
const inventoryId = z.uuid().transform((id) => id as InventoryId);
const selectionId = z.uuid().transform((id) => id as SelectionId);
const choreId = z.uuid().transform((id) => id as ChoreId);
const choiceToken = z.uuid().transform((token) => token as ChoiceToken);
/** A large collection is listed in pieces; `after` is null for the first. */
const piece = z.strictObject({ after: z.int().nullable() });
const retrievalId = z.uuid().transform((id) => id as RetrievalId);
const text = (max: number) => z.string().trim().min(1).max(max);
const vaultName = z.string().regex(/^[A-Za-z0-9_.-]{1,255}$/, 'A vault name has 1 to 255 of: a-z A-Z 0-9 _ . -');
const partSize = z.union(PART_SIZES.map((size) => z.literal(size)));
const region = z.union([z.enum(GLACIER_REGIONS), z.string().regex(/^[a-z0-9-]{1,40}$/)]);
const endpointUrl = z
  .string()
  .superRefine((url, context) => {
    const message = endpointProblem(url);
    if (message !== null) context.addIssue({ code: 'custom', message });
  })
  .nullable();
/** Some uploads, or all of them. */
const which = z.union([z.array(uploadId).min(1).max(100_000), z.literal('all')]);

const whichRetrievals = z.union([z.array(retrievalId).min(1).max(100_000), z.literal('all')]);
/** Bytes of an archive, both ends included. */
const byteRange = z.strictObject({ first: z.int().min(0), last: z.int().min(0) });

const keys = {
  accessKeyId: text(128),
  secretAccessKey: text(512),
  sessionToken: z.string().trim().max(8192).nullable(),
};

/** Host and port. */
const proxy = z.string().regex(/^\S{1,300}:\d{1,5}$/);

const newAccount = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('practice') }),
  z.strictObject({ kind: z.literal('keys'), name: text(80), ...keys, region, endpointUrl, remember: z.boolean() }),
  z.strictObject({ kind: z.literal('profile'), name: text(80), profile: text(200), region, endpointUrl }),
]);

const rate = z.int().min(1024).max(1e12);
const bytesPerSecond = rate.nullable();
const minute = z
  .int()
  .min(0)
  .max(24 * 60 - 1);

const price = z.number().min(0).max(1_000_000);
const tierPrices = z.strictObject({ Expedited: price, Standard: price, Bulk: price });
const priceTable = z.strictObject({
  date: z.iso.date(),
  source: text(200),
  regions: z.record(
    z.string().regex(/^(?:\*|[a-z0-9-]{1,40})$/),
    z.strictObject({ retrievalPerGb: tierPrices, requestsPerThousand: tierPrices, transferPerGb: price }),
  ),
});
const limitBytes = z.int().min(1).nullable();
const limitCost = z.number().positive().max(1_000_000).nullable();
const retrievalLimits = z.strictObject({
  bytesPerDay: limitBytes,
  bytesPerMonth: limitBytes,
  costPerDay: limitCost,
  costPerMonth: limitCost,
});
const retrievalPolicy = z.discriminatedUnion('strategy', [
  z.strictObject({ strategy: z.enum(['FreeTier', 'None']) }),
  z.strictObject({ strategy: z.literal('BytesPerHour'), bytesPerHour: z.int().min(1) }),
]);

const settingsSchema = z.strictObject({
  queuePaused: z.boolean(),
  parallelUploads: z.int().min(1).max(16),
  parallelParts: z.int().min(1).max(32),
  partSize,
  retrievalLimits,
  prices: priceTable.nullable(),
  cpuUse: z.enum(CPU_USES),
  stayAwake: z.boolean(),
  askBeforeQuit: z.boolean(),
  theme: z.enum(['system', 'light', 'dark']),
  bytesPerSecond,
  schedule: z.strictObject({ from: minute, to: minute, outside: z.union([z.literal('paused'), rate]) }).nullable(),
  catalogueCopy: z.strictObject({ accountId, vault: vaultName }).nullable(),
});

const archiveFilter = {
  text: z.string().max(500),
  accountIds: z.array(accountId).min(1).max(100).readonly().nullable(),
  region: region.nullable(),
  vault: vaultName.nullable(),
  archiveIds: z.array(z.string().min(1).max(200)).min(1).max(MAX_CHOSEN_IDS).readonly().nullable(),
  standing: z.enum(STANDINGS).nullable(),
};
const archiveIds = z.array(z.int()).max(MAX_CHOSEN_IDS).readonly();
/** The catalogue's archives that a command is about. */
const archiveChoice = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ids'), ids: z.array(z.int()).min(1).max(MAX_CHOSEN_IDS).readonly() }),
  z.strictObject({ kind: z.literal('matching'), ...archiveFilter, except: archiveIds }),
]);

const destination = { accountId, vault: vaultName };
const choice = { selectionId, ...destination, partSize: partSize.nullable(), again: z.boolean() };

/** What the window may ask for. Inputs are parsed in main; outputs are main's own and are only typed. */
export const inputs = {
  'app:info': z.strictObject({}),
  'notices:list': z.strictObject({}),
  'notices:dismiss': z.strictObject({ id: z.int() }),
  'accounts:list': z.strictObject({}),
  'waits:list': z.strictObject({}),
  'accounts:profiles': z.strictObject({}),
  'accounts:add': newAccount,
  /** New secrets for an account of keys, or null to ask the profile or the service once more. */
  'accounts:sign-in': z.strictObject({
    id: accountId,
    keys: z.strictObject({ ...keys, remember: z.boolean() }).nullable(),
    mfaCode,
  }),
  /** Takes over an account that an import told of. `endpointUrl`: as the person was shown it. */
  'accounts:confirm': z.strictObject({
    id: accountId,
    endpointUrl: z.string().nullable(),
    keys: z.strictObject({ ...keys, remember: z.boolean() }).nullable(),
    mfaCode,
  }),
  'accounts:remove': z.strictObject({ id: accountId }),
  /** Looks for what is wrong with the account, and changes nothing. */
  'accounts:check-up': z.strictObject({ id: accountId, vaults: z.array(vaultName).max(1000) }),
  /** The proxies for which a login was typed. */
  'proxies:list': z.strictObject({}),
  /** A login for a proxy. Fails with `proxy-password` when an account that waits for it shows that it is wrong. */
  'proxies:log-in': z.strictObject({
    proxy,
    username: text(255).regex(/^[^:]*$/, 'A user name for a proxy has no colon'),
    password: z.string().min(1).max(255),
    remember: z.boolean(),
  }),
  'proxies:forget': z.strictObject({ proxy }),
  'vaults:list': z.strictObject({ accountId }),
  'vaults:create': z.strictObject({ accountId, name: vaultName }),
  'selection:choose': z.strictObject({ what: z.enum(['files', 'folder']) }),
  'selection:preview': z.strictObject(choice),
  /** Ends what is being counted, compared or added of a selection; what was added stays. */
  'selection:stop': z.strictObject({ selectionId }),
  /** Lets the user say where the file of an upload or an archive is now; null when he says nothing. */
  /** Takes up what the notice `files-elsewhere` offers. */
  'files:go-on-there': z.strictObject({}),
  'files:find': z.strictObject({
    of: z.union([z.strictObject({ upload: uploadId }), z.strictObject({ archive: z.int() })]),
  }),
  'uploads:list': piece,
  'uploads:enqueue': z.strictObject(choice),
  'uploads:pause': z.strictObject({ which }),
  /** Resumes what is paused, retries what failed, and ends a wait. */
  'uploads:resume': z.strictObject({ which }),
  'uploads:cancel': z.strictObject({ which }),
  /** Puts uploads, in this order, before another one, or last. */
  'uploads:move': z.strictObject({ ids: z.array(uploadId).min(1).max(100_000), before: uploadId.nullable() }),
  /** Cancels the upload and adds its file anew, as it is now. */
  'uploads:start-over': z.strictObject({ id: uploadId }),
  /** Takes stored and cancelled uploads off the list; the catalogue keeps the archives. */
  'uploads:clear': z.strictObject({}),
  'uploads:detail': z.strictObject({ id: uploadId }),
  'archives:search': z.strictObject({
    ...archiveFilter,
    offset: z.int().min(0),
    limit: z.int().min(1).max(500),
  }),
  /** The numbers of what a search finds from one archive to another, in either order; at most MAX_CHOSEN_IDS. */
  'archives:between': z.strictObject({ ...archiveFilter, from: z.int(), to: z.int() }),
  /** How many archives a choice is, and their sizes together. */
  'archives:sum': z.strictObject({ choice: archiveChoice }),
  /** How many archives the catalogue has of each vault. */
  'archives:by-vault': z.strictObject({}),
  'inventories:list': z.strictObject({}),
  /** Takes an inventory of each of the vaults, and brings the catalogue into agreement with it. */
  'inventories:take': z.strictObject({ accountId, vaults: z.array(vaultName).min(1).max(1000) }),
  /** Tries again what failed, and ends a wait. */
  'inventories:resume': z.strictObject({ ids: z.array(inventoryId).min(1).max(1000) }),
  'inventories:cancel': z.strictObject({ ids: z.array(inventoryId).min(1).max(1000) }),
  /** What the newest check of an archive against its local file found, and whether that file may be deleted. */
  'archives:check': z.strictObject({ id: z.int() }),
  'checks:progress': z.strictObject({}),
  /** Reads the local files of archives again and compares; how many archives that are. */
  'checks:ask': z.strictObject({ choice: archiveChoice }),
  'checks:cancel': z.strictObject({}),
  'retrievals:list': piece,
  /** Asks the user where retrieved files shall go; null when the user thought better of it. */
  'retrievals:choose-folder': z.strictObject({}),
  /** What a retrieval would be and cost. Nothing is asked of Glacier. `folderId`: from `retrievals:choose-folder`. */
  'retrievals:preview': z.strictObject({
    choice: archiveChoice,
    range: byteRange.nullable(),
    copies: z.enum(COPIES),
    folderId: selectionId.nullable(),
  }),
  /** Retrieves exactly what the token of a preview stands for, into its folder; or nothing, when that has changed. */
  'retrievals:enqueue': z.strictObject({
    token: choiceToken,
    tier: z.enum(TIERS),
    /** What to do about files that have the names already. */
    onExisting: z.enum(['ask', 'keep-both', 'replace']),
  }),
  'retrievals:pause': z.strictObject({ which: whichRetrievals }),
  /** Resumes what is paused, retries what failed, and ends a wait. */
  'retrievals:resume': z.strictObject({ which: whichRetrievals }),
  'retrievals:cancel': z.strictObject({ which: whichRetrievals }),
  /** The folder of these is at another path now. */
  'retrievals:relocate': z.strictObject({ which: z.array(retrievalId).min(1), folderId: selectionId }),
  /** For those that stopped because a file has the name already. */
  'retrievals:answer-existing': z.strictObject({ which: whichRetrievals, answer: z.enum(['keep-both', 'replace']) }),
  /** Takes those that are over off the list; the files stay. */
  'retrievals:clear': z.strictObject({}),
  'retrievals:detail': z.strictObject({ id: retrievalId }),
  /** Shows the retrieved file, or its folder, in the system's file manager. */
  'retrievals:reveal': z.strictObject({ id: retrievalId }),
  /** What was asked of Glacier lately, as the limits count it. */
  'retrievals:asked-lately': z.strictObject({}),
  /** The prices in use; `settings:set` changes them, or takes Firn's own again with null. */
  'prices:get': z.strictObject({}),
  /** Glacier's own limit for Standard retrievals of the account in its region. */
  'retrieval-policy:get': z.strictObject({ accountId }),
  'retrieval-policy:set': z.strictObject({ accountId, policy: retrievalPolicy }),
  /** Archives the catalogue as it is now into the vault that the settings name. */
  'catalogue:copy': z.strictObject({}),
  /** Copies of the catalogue that inventories found in vaults. */
  'copies:list': z.strictObject({}),
  /** Retrieves one of them and brings in what it knows. */
  'copies:bring-back': z.strictObject({ id: z.int() }),
  /** Says no more of it; one that is on its way comes no further. */
  'copies:dismiss': z.strictObject({ id: z.int() }),
  /** Writes the chosen archives into a new file; null when the user thought better of it. */
  'catalogue:export': z.strictObject({ format: z.enum(EXPORT_FORMATS), choice: archiveChoice }),
  /** Brings in what a file of the user's choice tells; `home`: whose archives they are when the file does not say. */
  'catalogue:import': z.strictObject({ home: z.strictObject({ accountId, vault: vaultName }).nullable() }),
  'chores:list': z.strictObject({}),
  'chores:pause': z.strictObject({ id: choreId }),
  /** Resumes what is paused, retries what failed or was refused, and ends a wait. */
  'chores:resume': z.strictObject({ id: choreId }),
  /** What was deleted stays deleted. */
  'chores:cancel': z.strictObject({ id: choreId }),
  /** Takes those that are over off the list. */
  'chores:clear': z.strictObject({ ids: z.array(choreId).min(1).max(1000) }),
  'chores:detail': z.strictObject({ id: choreId }),
  /** What there is to know before archives are deleted. Nothing is changed. */
  'deletion:preview': z.strictObject({ choice: archiveChoice }),
  /** Exactly the archives of a preview; refused when they have changed since. */
  'deletion:start': z.strictObject({ token: choiceToken }),
  'emptying:preview': z.strictObject(destination),
  /** Empties the vault, and deletes it at the end when it `closes`. `until`: of the preview. */
  'emptying:start': z.strictObject({ ...destination, closes: z.boolean(), until: z.number() }),
  /** Deletes also what was put into the vault since, up to the newest that it stopped for. */
  'emptying:widen': z.strictObject({ id: choreId, newestAt: z.number() }),
  'clipboard:copy': z.strictObject({ text: z.string().max(10_000) }),
  /** Shows the file of an upload in the system's file manager. */
  'file:reveal': z.strictObject({ id: uploadId }),
  'power:get': z.strictObject({}),
  'settings:get': z.strictObject({}),
  'settings:set': settingsSchema.partial(),
};

/** `problem`: why the account's queue waits; null when all is well. */
/** `isInside`: its service runs inside Firn, and there is nothing to sign in to. */
export type AccountView = Account & { problem: Failure | null; isInside: boolean };

export type AppInfo = {
  version: string;
  platform: string;
  dataFolder: string;
  /** Whether secrets can be kept encrypted, or only until Firn quits. */
  secrets: 'encrypted' | 'session';
};

/** `proxy`: host and port. `kept`: its login, on disk or until Firn quits. */
export type KeptProxyLogin = { proxy: string; kept: 'encrypted' | 'session' };

/** A folder that the user chose; main keeps the path that counts, this one is to be shown. */
export type TargetFolder = { id: SelectionId; path: string };

/** Bytes and US dollars asked for in the last 24 hours and 30 days. */
export type AskedLately = { day: { bytes: number; cost: number }; month: { bytes: number; cost: number } };

/** The prices in use and Firn's own; `ageDays` of those in use. */
export type Prices = { table: PriceTable; isEdited: boolean; ageDays: number; firn: PriceTable };

type Outputs = {
  'app:info': AppInfo;
  'notices:list': Notice[];
  'notices:dismiss': null;
  'accounts:list': AccountView[];
  'waits:list': Wait[];
  'accounts:profiles': Profile[];
  'accounts:add': AccountView;
  'accounts:sign-in': AccountView;
  'accounts:confirm': AccountView;
  'accounts:remove': null;
  'accounts:check-up': Checkup;
  'proxies:list': KeptProxyLogin[];
  'proxies:log-in': null;
  'proxies:forget': null;
  'vaults:list': Vault[];
  'vaults:create': Vault;
  'selection:choose': Selection | null;
  'selection:preview': Preview;
  'selection:stop': null;
  'files:find': Relocated | null;
  'files:go-on-there': Relocated;
  'uploads:list': Snapshot<UploadView>;
  'uploads:enqueue': EnqueuedUploads;
  'uploads:pause': null;
  'uploads:resume': null;
  /** How many could not be cancelled, because Glacier's answer to complete is still open. */
  'uploads:cancel': { waiting: number };
  'uploads:move': null;
  'uploads:start-over': Enqueued;
  'uploads:clear': { cleared: number };
  'uploads:detail': UploadDetail;
  'archives:search': ShownPage;
  'archives:between': number[];
  'archives:sum': ArchiveSum;
  'archives:by-vault': VaultSum[];
  'inventories:list': Snapshot<InventoryView>;
  'inventories:take': null;
  'inventories:resume': null;
  'inventories:cancel': null;
  'archives:check': { check: LocalCheck | null; waiting: boolean; safety: Safety };
  'checks:progress': CheckProgress;
  'checks:ask': ArchiveSum;
  'checks:cancel': { cancelled: number };
  'retrievals:list': Snapshot<RetrievalView>;
  'retrievals:choose-folder': TargetFolder | null;
  'retrievals:preview': QuotedRetrieval;
  'retrievals:enqueue': RetrievalsAdded;
  'retrievals:pause': null;
  'retrievals:resume': null;
  /** How many could not be cancelled, because their file may have its name already. */
  'retrievals:cancel': { named: number };
  'retrievals:relocate': { moved: number };
  'retrievals:answer-existing': null;
  'retrievals:clear': { cleared: number };
  'retrievals:detail': RetrievalDetail;
  'retrievals:reveal': null;
  'retrievals:asked-lately': AskedLately;
  'prices:get': Prices;
  'retrieval-policy:get': RetrievalPolicy;
  'retrieval-policy:set': null;
  'catalogue:copy': Enqueued;
  'copies:list': FoundCopy[];
  'copies:bring-back': null;
  'copies:dismiss': null;
  'catalogue:export': Exported | null;
  'catalogue:import': Imported | null;
  'chores:list': Snapshot<ChoreView>;
  'chores:pause': null;
  'chores:resume': null;
  'chores:cancel': null;
  'chores:clear': null;
  'chores:detail': ChoreDetail;
  'deletion:preview': DeletionPreview;
  'deletion:start': ChoreId[];
  'emptying:preview': EmptyingPreview;
  'emptying:start': ChoreId;
  'emptying:widen': null;
  'clipboard:copy': null;
  'file:reveal': null;
  'power:get': Power;
  'settings:get': Settings;
  'settings:set': Settings;
};

/**
 * A collection, or a piece of it, as it was at `version`; changes carry later versions. `next`: after what the next piece
 * begins; null when this is the last.
 */
export type Snapshot<T> = { version: number; items: T[]; next: number | null };
export type Changes<T> = { version: number; items: T[]; removed: string[] };

export type Commands = {
  [N in keyof typeof inputs]: {
    input: z.input<(typeof inputs)[N]>;
    parsed: z.output<(typeof inputs)[N]>;
    output: Outputs[N];
  };
};

/** `slowedDown`: fewer parts than the user allows are on the wire, because the line or the service could not keep up. */
export type TotalProgress = {
  uploads: LiveProgress[];
  rate: number | null;
  remainingMs: number | null;
  slowedDown: boolean;
};

export type RetrievalsProgress = { retrievals: LiveRetrieval[]; rate: number | null; remainingMs: number | null };

export type Events = {
  'uploads:changed': Changes<UploadView>;
  /** At most 4 a second. */
  'uploads:progress': TotalProgress;
  /** At most 4 a second. */
  'adding:comparing': Comparing;
  'retrievals:changed': Changes<RetrievalView>;
  /** At most 4 a second. */
  'retrievals:progress': RetrievalsProgress;
  'inventories:changed': Changes<InventoryView>;
  /** At most 4 a second. */
  'inventories:progress': LiveInventory[];
  'chores:changed': Changes<ChoreView>;
  'accounts:changed': AccountView[];
  /** At most 10 a second. */
  'waits:changed': Wait[];
  /** The catalogue has other archives than before. */
  'archives:changed': { total: number };
  /** At most 4 a second. */
  'checks:changed': CheckProgress;
  'settings:changed': Settings;
  'power:changed': Power;
  'notices:changed': Notice[];
  'copies:changed': FoundCopy[];
  /** Firn is ending; told by the desktop itself. */
  'app:finishing': null;
};
