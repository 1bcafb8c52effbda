import type { ExportFormat } from '../../shared/catalogue-exchange.ts';
import type { ByteRange } from '../../shared/part-plan.ts';
import type { Copies } from '../../shared/retrieval-quote.ts';
import type { OnExisting } from '../../shared/retrieval.ts';
import type { Tier } from '../../shared/tier.ts';
import type { TypedTaskFilter } from './choose-tasks.ts';
import type { Shell } from './shells.ts';
import type { TypedFilter } from './filter.ts';
import type { Globs, PathList } from './paths.ts';

/** Where the account is, in the AWS CLI's terms; null where nothing was said. */
export type AccountOptions = {
  profile: string | null;
  /** Whose settings count beside what was said. */
  settingsProfile: string;
  region: string | null;
  endpointUrl: string | null;
  usesFips: boolean | null;
  /** Whether the addresses of the AWS configuration are not heeded. */
  ignoresConfigured: boolean;
};

type Dry = { dryRun: boolean };
type Waiting = { wait: boolean };

export type UploadArguments = Dry & {
  vault: string;
  /** Bytes; null for automatic. */
  partSize: number | null;
  again: boolean;
  /** Absolute. */
  paths: string[];
  filesFrom: PathList | null;
  /** Null where all files are meant. */
  globs: Globs | null;
};

export type RetrieveArguments = Dry &
  Waiting & {
    /** Absolute. */
    folder: string;
    tier: Tier;
    /** Null for all bytes. */
    range: ByteRange | null;
    onExisting: OnExisting;
    /** Which of several archives of the same content, or of the same path. */
    copies: Copies;
    /** Nobody is asked whether the quote is all right. */
    yes: boolean;
    filter: TypedFilter;
  };

export type DeleteArguments = Dry & { filter: TypedFilter; yes: boolean };

/** `alsoNew`: deletes also what was put into the vault since an earlier command began to empty it. */
export type EmptyArguments = Dry & Waiting & { vault: string; closes: boolean; alsoNew: boolean; yes: boolean };

/** `vaults`: none for all, where that can be asked for. */
export type InventoryArguments = Dry & Waiting & { vaults: string[] };

/** `copy`: the newest copy of the catalogue that the vaults hold is brought in as well. */
export type RebuildArguments = InventoryArguments & { copy: boolean };

/** `file`: absolute; null for standard output. */
export type ExportArguments = { format: ExportFormat; file: string | null; filter: TypedFilter };

/** `vault`: for files that do not say which; null when nothing was said. */
export type ImportArguments = { file: string; vault: string | null };

export type VerifyArguments = { filter: TypedFilter };

/** Of tasks, and of what was done for them so far. */
export type GivingUp = Dry & { filter: TypedTaskFilter; yes: boolean };

export type Command =
  | { kind: 'help'; text: string }
  | { kind: 'version' }
  | ({ kind: 'vault-create'; name: string } & Dry)
  | { kind: 'vault-list' }
  | ({ kind: 'upload' } & UploadArguments)
  | ({ kind: 'retrieve' } & RetrieveArguments)
  | ({ kind: 'inventory' } & InventoryArguments)
  | ({ kind: 'catalogue-rebuild' } & RebuildArguments)
  | ({ kind: 'catalogue-retrieve' } & Waiting & Dry)
  | { kind: 'queue' }
  | { kind: 'retrievals' }
  | { kind: 'deletions' }
  | { kind: 'accounts' }
  | { kind: 'confirm-account'; account: string; yes: boolean }
  | { kind: 'man' }
  | { kind: 'doctor'; vaults: string[] }
  | ({ kind: 'run' } & Dry)
  | { kind: 'catalogue'; filter: TypedFilter }
  | ({ kind: 'catalogue-export' } & ExportArguments)
  | ({ kind: 'catalogue-import' } & ImportArguments)
  | ({ kind: 'catalogue-archive'; vault: string } & Dry)
  | ({ kind: 'verify' } & VerifyArguments)
  | ({ kind: 'delete' } & DeleteArguments)
  | ({ kind: 'vault-empty' } & EmptyArguments)
  | { kind: 'pause' | 'resume' | 'retry'; filter: TypedTaskFilter }
  | { kind: 'relocate'; from: string; to: string }
  | ({ kind: 'cancel' | 'start-over' } & GivingUp)
  | { kind: 'completion'; shell: Shell };

export type Arguments = {
  command: Command;
  /** Absolute; null for the usual one. */
  dataFolder: string | null;
  account: AccountOptions;
  json: boolean;
  quiet: boolean;
  /** Parts on the wire at the same time; null for the setting. */
  parallel: number | null;
  /** Bytes per second; null for the setting. */
  limit: number | null;
  /** One thread, behind everything else. */
  gentle: boolean;
};
