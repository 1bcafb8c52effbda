import { z } from 'zod';
import { type Account, type AccountId, GLACIER_REGIONS } from './account.ts';
import { type ArchivePage, type ArchiveSum, MAX_CHOSEN_IDS } from './archive.ts';
import type { Checkup } from './checkup.ts';
import type { Failure } from './failure.ts';
import type { Notice } from './notice.ts';
import { PART_SIZES } from './part-plan.ts';
import type { Enqueued, Preview, Selection, SelectionId } from './selection.ts';
import type { Settings } from './settings.ts';
import type { LiveProgress, UploadDetail, UploadId, UploadView } from './upload.ts';
import type { Vault } from './vault.ts';

const uploadId = z.uuid().transform((id) => id as UploadId);
const accountId = z.uuid().transform((id) => id as AccountId);
const selectionId = z.uuid().transform((id) => id as SelectionId);
const text = (max: number) => z.string().trim().min(1).max(max);
const vaultName = z.string().regex(/^[A-Za-z0-9_.-]{1,255}$/, 'A vault name has 1 to 255 of: a-z A-Z 0-9 _ . -');
const partSize = z.union(PART_SIZES.map((size) => z.literal(size)));
const region = z.union([z.enum(GLACIER_REGIONS), z.string().regex(/^[a-z0-9-]{1,40}$/)]);
const endpointUrl = z.url({ protocol: /^https?$/ }).nullable();
/** Some uploads, or all of them. */
const which = z.union([z.array(uploadId).min(1).max(100_000), z.literal('all')]);

const keys = {
  accessKeyId: text(128),
  secretAccessKey: text(512),
  sessionToken: z.string().trim().max(8192).nullable(),
};

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

const settingsSchema = z.strictObject({
  queuePaused: z.boolean(),
  parallelUploads: z.int().min(1).max(16),
  parallelParts: z.int().min(1).max(32),
  partSize,
  theme: z.enum(['system', 'light', 'dark']),
  bytesPerSecond,
  schedule: z.strictObject({ from: minute, to: minute, outside: z.union([z.literal('paused'), rate]) }).nullable(),
});

const archiveFilter = { text: z.string().max(500), accountId: accountId.nullable(), vault: vaultName.nullable() };
const archiveIds = z.array(z.int()).max(MAX_CHOSEN_IDS);
/** The catalogue's archives that a command is about. */
const archiveChoice = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ids'), ids: archiveIds.min(1) }),
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
  'accounts:profiles': z.strictObject({}),
  'accounts:add': newAccount,
  /** New secrets for an account of keys, or null to ask the profile or the service once more. */
  'accounts:sign-in': z.strictObject({
    id: accountId,
    keys: z.strictObject({ ...keys, remember: z.boolean() }).nullable(),
  }),
  'accounts:remove': z.strictObject({ id: accountId }),
  /** Looks for what is wrong with the account, and changes nothing. */
  'accounts:check-up': z.strictObject({ id: accountId, vaults: z.array(vaultName).max(1000) }),
  'vaults:list': z.strictObject({ accountId }),
  'vaults:create': z.strictObject({ accountId, name: vaultName }),
  'selection:choose': z.strictObject({ what: z.enum(['files', 'folder']) }),
  'selection:preview': z.strictObject(choice),
  'uploads:list': z.strictObject({}),
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
  /** The numbers of a stretch of what a search finds, newest first. */
  'archives:ids': z.strictObject({
    ...archiveFilter,
    offset: z.int().min(0),
    limit: z.int().min(1).max(MAX_CHOSEN_IDS),
  }),
  /** How many archives a choice is, and their sizes together. */
  'archives:sum': z.strictObject({ choice: archiveChoice }),
  'clipboard:copy': z.strictObject({ text: z.string().max(10_000) }),
  /** Shows the file of an upload in the system's file manager. */
  'file:reveal': z.strictObject({ id: uploadId }),
  'settings:get': z.strictObject({}),
  'settings:set': settingsSchema.partial(),
};

/** `problem`: why the account's queue waits; null when all is well. */
export type AccountView = Account & { problem: Failure | null };

export type AppInfo = {
  version: string;
  platform: string;
  dataFolder: string;
  /** Whether secrets can be kept encrypted, or only until Firn quits. */
  secrets: 'encrypted' | 'session';
};

type Outputs = {
  'app:info': AppInfo;
  'notices:list': Notice[];
  'notices:dismiss': null;
  'accounts:list': AccountView[];
  'accounts:profiles': { profile: string; region: string | null }[];
  'accounts:add': AccountView;
  'accounts:sign-in': AccountView;
  'accounts:remove': null;
  'accounts:check-up': Checkup;
  'vaults:list': Vault[];
  'vaults:create': Vault;
  'selection:choose': Selection | null;
  'selection:preview': Preview;
  'uploads:list': Snapshot<UploadView>;
  'uploads:enqueue': Enqueued;
  'uploads:pause': null;
  'uploads:resume': null;
  /** How many could not be cancelled, because Glacier's answer to complete is still open. */
  'uploads:cancel': { waiting: number };
  'uploads:move': null;
  'uploads:start-over': Enqueued;
  'uploads:clear': { cleared: number };
  'uploads:detail': UploadDetail;
  'archives:search': ArchivePage;
  'archives:ids': number[];
  'archives:sum': ArchiveSum;
  'clipboard:copy': null;
  'file:reveal': null;
  'settings:get': Settings;
  'settings:set': Settings;
};

/** A collection as it was at `version`; changes carry later versions. */
export type Snapshot<T> = { version: number; items: T[] };
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

export type Events = {
  'uploads:changed': Changes<UploadView>;
  /** At most 4 a second. */
  'uploads:progress': TotalProgress;
  'accounts:changed': AccountView[];
  /** The catalogue has other archives than before. */
  'archives:changed': { total: number };
  'settings:changed': Settings;
  'notices:changed': Notice[];
};
